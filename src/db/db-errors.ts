import type { AppError } from '../kernel/app-error';
import { InvalidInput, OutcomeUnknown, ResourceBusy, Unavailable } from '../kernel/common-errors';
import { constraintError } from './constraints';
import { databaseFault, isConnectionLoss, textOf } from './sql-state';

const SOON = { 'Retry-After': '1' };
/** Somebody has to do something first. */
const LATER = { 'Retry-After': '30' };

/** The answer an error of the database stands for; undefined when it is none, or a mistake of ours (500). */
export function toAppError(error: unknown): AppError | undefined {
  const fault = databaseFault(error);
  if (fault === undefined) return connectionTrouble(error);
  switch (fault.state) {
    case '55P03': // lock_timeout, NOWAIT
      return new ResourceBusy('Another request holds this resource; try again', undefined, SOON);
    case '57014': // statement_timeout
      return new Unavailable('The database took too long; try again', undefined, SOON);
    case '40001':
    case '40P01':
      return new Unavailable('The request kept colliding with others; try again', undefined, SOON);
    case '42P01': // no such table; a missing column or function is far sooner a mistake of ours
      return new Unavailable('The database is not prepared for this version yet; try again later', undefined, LATER);
    case '22003': // numeric overflow
    case '22021': // NUL or invalid UTF-8
    case '22P02': // malformed uuid, number …
    case '22007':
    case '22008':
      return new InvalidInput('A value is outside of what can be stored');
    default:
  }
  if (fault.state.startsWith('23')) return constraintError(fault.state, fault.constraint, fault.message);
  // 08: connection, 53: resources, 57P: shutting down, 25P: the session ended, 25006: a standby that takes no writes yet
  if (/^(08|53|57P|25P0[34]|25006)/.test(fault.state)) return new Unavailable('The database cannot be reached; try again', undefined, SOON);
  return undefined;
}

/** Not reached, or no connection to be had in time (P2024, P2028: Prisma's own words for it). */
const NOT_REACHED =
  /timeout exceeded when trying to connect|connection timeout|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|not queryable|Can't reach database|unable to start a transaction|P2028|P2024|P1001/i;

const connectionTrouble = (error: unknown): AppError | undefined =>
  isConnectionLoss(error) || NOT_REACHED.test(textOf(error))
    ? new Unavailable('The database cannot be reached; try again', undefined, SOON)
    : undefined;

/**
 * What a unit of work that had sent its COMMIT failed with. When the connection was lost before the answer, nobody knows whether it was
 * committed: it must not run again blindly, only the idempotency key can tell.
 */
export function commitFailure(error: unknown): unknown {
  if (!isConnectionLoss(error)) return error;
  const unknown = new OutcomeUnknown(
    'The connection was lost while saving; repeat the request with the same Idempotency-Key',
    undefined,
    SOON,
  );
  unknown.cause = error;
  return unknown;
}

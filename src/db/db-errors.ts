import type { AppError } from '../kernel/app-error';
import { InvalidInput, OutcomeUnknown, ResourceBusy, Unavailable } from '../kernel/common-errors';
import { constraintError } from './constraints';
import { databaseFault } from './sql-state';

const SOON = { 'Retry-After': '1' };

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
    case '22003': // numeric overflow
    case '22021': // NUL or invalid UTF-8
    case '22P02': // malformed uuid, number …
    case '22007':
    case '22008':
      return new InvalidInput('A value is outside of what can be stored');
    default:
  }
  if (fault.state.startsWith('23')) return constraintError(fault.state, fault.constraint, fault.message);
  // 08: connection, 53: resources, 57P: shutting down
  if (/^(08|53|57P)/.test(fault.state)) return new Unavailable('The database cannot be reached; try again', undefined, SOON);
  return undefined;
}

const LOST_WHILE_COMMITTING = /commit/i;
const LOST =
  /connection terminated|connection timeout|timeout exceeded when trying to connect|ECONNREFUSED|ECONNRESET|EPIPE|not queryable|Server has closed|Can't reach database|unable to start a transaction/i;

function connectionTrouble(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const cause = error.cause instanceof Error ? error.cause.message : '';
  const code = (error as { code?: unknown }).code;
  const text = `${typeof code === 'string' ? code : ''} ${error.message} ${cause}`;
  // P2028: no connection within maxWait, or the transaction ran out of time; P1001/P1017: unreachable, closed
  if (!LOST.test(text) && !/P2028|P2024|P1001|P1017/.test(text)) return undefined;
  return LOST_WHILE_COMMITTING.test(error.message)
    ? new OutcomeUnknown('The connection was lost while saving; repeat the request with the same Idempotency-Key', undefined, SOON)
    : new Unavailable('The database cannot be reached; try again', undefined, SOON);
}

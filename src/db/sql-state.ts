/** What PostgreSQL said, wherever the layers above have put it. */
export interface DatabaseFault {
  /** SQLSTATE, for example 23505. */
  readonly state: string;
  readonly constraint?: string;
  readonly message: string;
}

interface Layer {
  code?: unknown;
  originalCode?: unknown;
  message?: unknown;
  originalMessage?: unknown;
  constraint?: unknown;
  meta?: { driverAdapterError?: unknown };
  cause?: unknown;
}

/** After these the whole unit may run again. QM409 is our own: see refuse_incomplete_taking in the migrations. */
export const RETRYABLE: ReadonlySet<string> = new Set(['40001', '40P01', 'QM409']);

const SQLSTATE = /^[0-9A-Z]{5}$/;
const NAMED = /constraint "([^"]+)"/;

/**
 * Finds the SQLSTATE in an error from pg, from Prisma's raw queries (P2010), its model calls (P2002 …) or its driver adapter at COMMIT:
 * each hides it elsewhere. Undefined when the error is not PostgreSQL's.
 */
export function databaseFault(error: unknown): DatabaseFault | undefined {
  let layer = error as Layer | undefined;
  for (let depth = 0; layer instanceof Object && depth < 6; depth++) {
    const state = [layer.originalCode, layer.code].find(
      (code): code is string => typeof code === 'string' && SQLSTATE.test(code) && !isPrismaCode(code),
    );
    if (state !== undefined) {
      const message = [layer.originalMessage, layer.message].find((text): text is string => typeof text === 'string') ?? '';
      const constraint = typeof layer.constraint === 'string' ? layer.constraint : (indexOf(layer.constraint) ?? NAMED.exec(message)?.[1]);
      return { state, message, ...(constraint === undefined ? {} : { constraint }) };
    }
    layer = (layer.meta?.driverAdapterError ?? layer.cause) as Layer | undefined;
  }
  return undefined;
}

const isPrismaCode = (code: string): boolean => /^P[1-9]\d{3}$/.test(code);
const indexOf = (constraint: unknown): string | undefined =>
  constraint instanceof Object && typeof (constraint as { index?: unknown }).index === 'string'
    ? (constraint as { index: string }).index
    : undefined;

/** A serialization failure, a deadlock, or stock that changed while it was taken: the whole unit may run again. P2034 is Prisma's own word for the first two. */
export function retryableState(error: unknown): string | undefined {
  if ((error as { code?: unknown } | undefined)?.code === 'P2034') return '40001';
  const state = databaseFault(error)?.state;
  return state !== undefined && RETRYABLE.has(state) ? state : undefined;
}

/** The session behind the request was revoked, or what was known of it is old (see assert_session in the migrations). */
export const isStaleSession = (error: unknown): boolean => databaseFault(error)?.state === 'QM401';

/** What node-postgres and Prisma say of a connection that broke; neither gives it a SQLSTATE. */
const LOST = /connection terminated|Query read timeout|ECONNRESET|EPIPE|Server has closed|P1017/i;
/** Ends of a session: 57P0x by the administrator, a crash or idleness, 25P0x by a time limit, 08 by the network. */
const SESSION_ENDED = /^(08|57P0[125]|25P0[34])/;

/** The connection was lost with a statement on its way: nobody can tell whether it was executed. */
export function isConnectionLoss(error: unknown): boolean {
  const state = databaseFault(error)?.state;
  return state === undefined ? LOST.test(textOf(error)) : SESSION_ENDED.test(state);
}

/** Code, message and the cause's message of an error without a SQLSTATE. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const { code } = error as { code?: unknown };
  const cause = error.cause instanceof Error ? error.cause.message : '';
  return `${typeof code === 'string' ? code : ''} ${error.message} ${cause}`;
}

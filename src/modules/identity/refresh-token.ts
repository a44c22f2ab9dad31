import { createHash, randomBytes } from 'node:crypto';

const DAY_MS = 86_400_000;
/** A session ends when it was not refreshed for this long … */
const SLIDING_MS = 7 * DAY_MS;
/** … and in any case this long after signing in. */
const ABSOLUTE_MS = 30 * DAY_MS;
/** How long after its use a token may be presented again by a client that never got the answer. */
export const RETRY_WINDOW_MS = 10_000;

/** A stored hash. */
export type TokenHash = Uint8Array<ArrayBuffer>;

/** 256 random bits; opaque to everybody. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/** SHA-256: the token itself is never stored. Fast on purpose: nobody guesses 256 bits. */
export const hashOf = (token: string): TokenHash => Uint8Array.from(createHash('sha256').update(token).digest());

/** Until when a session that is refreshed now can be refreshed again. */
export const expiryOf = (sessionStartedAt: Date, now: Date): Date =>
  new Date(Math.min(now.getTime() + SLIDING_MS, sessionStartedAt.getTime() + ABSOLUTE_MS));

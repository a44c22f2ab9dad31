const DAY_MS = 86_400_000;
/** A session ends when it was not refreshed for this long … */
const SLIDING_MS = 7 * DAY_MS;
/** … and in any case this long after signing in. */
const ABSOLUTE_MS = 30 * DAY_MS;
/** How long after its use a token may be presented again by a client that never got the answer. */
export const RETRY_WINDOW_MS = 10_000;

/** Until when a session that is refreshed now can be refreshed again. */
export const expiryOf = (sessionStartedAt: Date, now: Date): Date =>
  new Date(Math.min(now.getTime() + SLIDING_MS, sessionStartedAt.getTime() + ABSOLUTE_MS));

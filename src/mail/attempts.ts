const MINUTE_MS = 60_000;
/** Minutes after each attempt to send a mail until the next one: a server that is restarted is back soon, one that is broken takes hours. */
const PAUSES = [1, 5, 15, 60, 240] as const;

/** Milliseconds. Less than the shortest pause: an attempt that outlasted it would be made a second time beside itself. */
export const LONGEST_ATTEMPT_MS = 45_000;

/** When the attempt after this one may be made; `attempt` counts from 1. */
export const nextAttemptAt = (attempt: number, now: Date): Date =>
  new Date(now.getTime() + (PAUSES[attempt - 1] ?? PAUSES.at(-1)!) * MINUTE_MS);

/** Whether no attempt follows: the next would come too late. */
export const isLastAttempt = (attempt: number, now: Date, expiresAt: Date): boolean => nextAttemptAt(attempt, now) >= expiresAt;

const MINUTE_MS = 60_000;
/** Minutes after each attempt to send a mail until the next one: a server that is restarted is back soon, one that is broken takes hours. */
const PAUSES = [1, 5, 15, 60, 240] as const;

/** When the attempt after this one may be made; `attempt` counts from 1. */
export const nextAttemptAt = (attempt: number, now: Date): Date =>
  new Date(now.getTime() + (PAUSES[attempt - 1] ?? PAUSES.at(-1)!) * MINUTE_MS);

/** Whether no attempt follows: it was the last one, or the next would come too late. */
export const isLastAttempt = (attempt: number, now: Date, expiresAt: Date): boolean =>
  attempt > PAUSES.length || nextAttemptAt(attempt, now) >= expiresAt;

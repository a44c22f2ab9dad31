/**
 * Attempts are counted in windows that begin with the first one. `limit` of them are free; each further one has to wait twice as long as the
 * one before, and never beyond the end of the window: nobody is locked out for longer than that.
 */
export interface Limit {
  readonly limit: number;
  readonly windowMs: number;
  /** The first wait, when the free attempts are used up; as long as the window lasts when left out. */
  readonly firstWaitMs?: number;
}

/** What is known of earlier attempts. */
export interface Attempts {
  readonly count: number;
  readonly windowEndsAt: Date;
  /** When the next attempt may be made, once the free ones are used up. */
  readonly nextAt: Date;
}

/** Milliseconds until an attempt may be made; 0 when it may be made now. */
export const waitOf = ({ count, windowEndsAt, nextAt }: Attempts, { limit }: Limit, now: Date): number =>
  count < limit || windowEndsAt <= now ? 0 : Math.max(0, nextAt.getTime() - now.getTime());

/** With one more attempt, made now. */
export function withAttempt(before: Attempts, { limit, windowMs, firstWaitMs = windowMs }: Limit, now: Date): Attempts {
  const isOver = before.windowEndsAt <= now;
  const count = isOver ? 1 : before.count + 1;
  const windowEndsAt = isOver ? new Date(now.getTime() + windowMs) : before.windowEndsAt;
  const waitMs = count < limit ? 0 : firstWaitMs * 2 ** (count - limit);
  return { count, windowEndsAt, nextAt: new Date(Math.min(now.getTime() + waitMs, windowEndsAt.getTime())) };
}

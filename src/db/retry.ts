import { setTimeout as wait } from 'node:timers/promises';
import { Unavailable } from '../kernel/common-errors';
import { retryableState } from './sql-state';

const MAX_TRIES = 5;
const BUDGET_MS = 2_000;

/**
 * Runs a whole transaction again after a serialization failure or a deadlock: at most five tries within two seconds, with full jitter,
 * then 503. `onRetry` is told the SQLSTATE (for the metrics).
 */
export async function retrying<T>(transaction: () => Promise<T>, onRetry: (sqlState: string) => void): Promise<T> {
  const deadline = performance.now() + BUDGET_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await transaction();
    } catch (error) {
      const state = retryableState(error);
      if (state === undefined) throw error;
      onRetry(state);
      const pause = Math.random() * 10 * 2 ** attempt;
      if (attempt === MAX_TRIES || performance.now() + pause > deadline)
        throw new Unavailable('The request kept colliding with others; try again', undefined, { 'Retry-After': '1' });
      await wait(pause);
    }
  }
}

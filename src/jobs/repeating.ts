import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../observability/logger';

/** Work that nobody waits for and that ends when it is told to. */
export interface Job {
  /** Resolves when what was under way is done. Call it before the pool is closed. */
  stop(): Promise<void>;
}

export interface Times {
  /** Milliseconds. */
  readonly firstAfter: number;
  readonly every: number;
}

/** Does the work again and again for as long as the process lives, without keeping it alive. A failure is logged, and the next time comes. */
export function startRepeating(
  name: string,
  { firstAfter, every }: Times,
  logger: Logger,
  work: (signal: AbortSignal) => Promise<void>,
): Job {
  const stopped = new AbortController();
  const { signal } = stopped;
  const repeat = async (): Promise<void> => {
    for (let pause = firstAfter; ; pause = every) {
      await sleep(pause, undefined, { signal, ref: false }).catch(() => undefined); // aborted
      if (signal.aborted) return;
      try {
        await work(signal);
      } catch (error) {
        logger.warn(`${name} failed, and will try again`, { component: name, error });
      }
    }
  };
  const ended = repeat();
  return {
    stop: () => {
      stopped.abort();
      return ended;
    },
  };
}

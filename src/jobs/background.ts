import { AsyncResource } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../observability/logger';

/** More than this at once would take the database and the mail server from the requests that wait for an answer. */
const MOST_AT_ONCE = 4;
const LONGEST_QUEUE = 1_000;

/** Work that a request starts and whose outcome its answer does not depend on. Lost when the process dies: only for what can be asked for again, or what a job does too. */
export class Background {
  private running = 0;
  private readonly waiting: Array<() => Promise<void>> = [];
  private readonly idlers: Array<() => void> = [];

  constructor(private readonly logger: Logger) {}

  /**
   * Runs `work` after the others; `name` is what the log calls it. When too much is waiting it is not run: that is an error, unless a job does
   * it later. Never throws.
   */
  run(name: string, work: () => Promise<void>, otherwise: 'lost' | 'job' = 'lost'): void {
    if (this.waiting.length >= LONGEST_QUEUE) {
      const full = { component: 'background', count: LONGEST_QUEUE };
      if (otherwise === 'job') this.logger.info(`${name} waits for the job: too much is waiting`, full);
      else this.logger.error(`${name} was dropped: too much is waiting`, full);
      return;
    }
    // In the context of whoever asks for it, not of the one whose work was just before it.
    const bound = AsyncResource.bind(work);
    this.waiting.push(async () => {
      try {
        await bound();
      } catch (error) {
        this.logger.error(`${name} failed`, { component: 'background', error });
      }
    });
    if (this.running < MOST_AT_ONCE) void this.work();
  }

  /** Until nothing is left to do, but no longer than `limit` milliseconds. */
  async idle(limit = 4_000): Promise<void> {
    if (this.running === 0) return;
    const enough = new AbortController();
    const done = new Promise<void>((resolve) => this.idlers.push(resolve));
    await Promise.race([done, sleep(limit, undefined, { signal: enough.signal }).catch(() => undefined)]);
    enough.abort();
  }

  private async work(): Promise<void> {
    this.running += 1;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) await next();
    this.running -= 1;
    if (this.running === 0) for (const resolve of this.idlers.splice(0)) resolve();
  }
}

import { MemoryStore, type ClientRateLimitInfo, type Options, type Store } from 'express-rate-limit';
import { RedisStore } from 'rate-limit-redis';
import type { Redis } from './redis';

/** Neither an address nor the id of a user: counted when Redis seems to be well again, to see whether it counts. */
const PROBE = 'probe';

/** Counts requests in Redis for all processes together, and in memory, each process for itself, while Redis is down or refuses. */
export class SharedRateLimitStore implements Store {
  private readonly local = new MemoryStore();
  private readonly shared: RedisStore;

  constructor(
    private readonly redis: Redis,
    readonly prefix: string,
  ) {
    this.shared = new RedisStore({
      prefix,
      sendCommand: (name, ...args) => (redis.isUp ? redis.command(name, ...args) : redis.send(name, args)),
    });
  }

  init(options: Options): void {
    this.local.init(options);
    this.redis.beforeUse(async () => {
      await this.shared.init(options);
      await this.shared.increment(PROBE);
    });
  }

  increment(key: string): Promise<ClientRateLimitInfo> {
    return this.either((store) => store.increment(key));
  }

  decrement(key: string): Promise<void> {
    return this.either((store) => store.decrement(key));
  }

  resetKey(key: string): Promise<void> {
    return this.either((store) => store.resetKey(key));
  }

  shutdown(): void {
    this.local.shutdown();
  }

  private async either<T>(work: (store: Store) => T | Promise<T>): Promise<T> {
    if (!this.redis.isUp) return work(this.local);
    try {
      return await work(this.shared);
    } catch {
      return work(this.local); // told by Redis itself, once
    }
  }
}

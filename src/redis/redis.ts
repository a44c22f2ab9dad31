import { setTimeout as sleep } from 'node:timers/promises';
import { Redis as Connection, ReplyError } from 'ioredis';
import type { Logger } from '../observability/logger';

/** Milliseconds a request waits for Redis; on the same network an answer takes less than one. */
const PATIENCE = 50;
/** Milliseconds between two looks at a Redis that is down. */
const PAUSE = 1_000;
/** Milliseconds without a byte after which a connection counts as dead. */
const SILENCE = 3_000;

export type RedisReply = string | number | Array<string | number>;

class RedisDown extends Error {}

/** It forgot a script, as after a restart; who sent the command loads it again. Any other refusal (OOM, READONLY, NOPERM) would come again. */
const isForgottenScript = (error: unknown): boolean => error instanceof ReplyError && /^NOSCRIPT\b/.test((error as Error).message);

/**
 * A Redis that nobody has to wait for. Once it fails, refuses a command or takes longer than `PATIENCE` it counts as down: from then on
 * commands are refused at once, and a look at it every second, outside of any request, tells when it does its work in time again. Whoever
 * uses it must do without.
 */
export class Redis {
  private readonly connection: Connection;
  private readonly preparations: Array<() => Promise<unknown>> = [];
  private readonly closed = new AbortController();
  private state: 'unknown' | 'up' | 'down' = 'unknown';

  constructor(
    url: string,
    private readonly logger: Logger,
  ) {
    this.connection = new Connection(url, {
      lazyConnect: true,
      connectionName: 'quartermaster',
      connectTimeout: SILENCE,
      socketTimeout: SILENCE,
      disconnectTimeout: PAUSE,
      retryStrategy: (attempt) => Math.min(attempt * 100, PAUSE),
      // No command waits for a connection, and none is sent twice.
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
    });
    this.connection.on('error', (error: Error) => this.failed(error));
    this.connection.on('close', () => this.failed(new RedisDown('The connection was closed')));
  }

  get isUp(): boolean {
    return this.state === 'up';
  }

  /**
   * Runs before Redis counts as up, each time: after a restart it knows no scripts any more. Should do what is asked of it later, since a
   * Redis that answers a PING may still refuse every write.
   */
  beforeUse(preparation: () => Promise<unknown>): void {
    this.preparations.push(preparation);
  }

  /** Connects, without being waited for. */
  start(): void {
    const connected = this.connection.connect().catch((error: unknown) => this.failed(error));
    void connected.then(() => this.recover());
  }

  /** @throws RedisDown when it is down or takes too long, ReplyError when it refuses the command */
  async command(name: string, ...args: readonly string[]): Promise<RedisReply> {
    if (!this.isUp) throw new RedisDown('Redis is down');
    try {
      return await inTime(this.send(name, args));
    } catch (error) {
      if (!isForgottenScript(error)) this.failed(error);
      throw error;
    }
  }

  /** For preparations, which run while it is not up yet. */
  send(name: string, args: readonly string[]): Promise<RedisReply> {
    return this.connection.call(name, ...args) as Promise<RedisReply>;
  }

  close(): void {
    this.closed.abort();
    this.connection.disconnect();
  }

  private failed(error: unknown): void {
    if (this.state === 'down' || this.closed.signal.aborted) return;
    const wasUp = this.state === 'up';
    this.state = 'down';
    const trouble = error instanceof ReplyError ? 'Redis refuses commands' : 'Redis does not answer';
    this.logger.warn(`${trouble}: every process counts for itself`, { component: 'redis', error });
    if (wasUp) void this.recover();
  }

  private async recover(): Promise<void> {
    const { signal } = this.closed;
    while (!signal.aborted) {
      try {
        const startedAt = performance.now();
        await this.send('PING', []);
        const took = performance.now() - startedAt;
        if (took > PATIENCE) throw new RedisDown(`An answer took ${Math.round(took)} ms`);
        for (const preparation of this.preparations) await preparation();
        this.state = 'up';
        this.logger.info('Redis answers: processes share their counts', { component: 'redis' });
        return;
      } catch (error) {
        this.failed(error);
      }
      await sleep(PAUSE, undefined, { signal, ref: false }).catch(() => undefined); // closed
    }
  }
}

/** The answer, unless it takes longer than `PATIENCE`. */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void => reject(new RedisDown(`No answer within ${PATIENCE} ms`));
    // When it was this process that was late, the answer has arrived meanwhile: it is read before the immediate runs.
    const timer = setTimeout(() => setImmediate(late), PATIENCE);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

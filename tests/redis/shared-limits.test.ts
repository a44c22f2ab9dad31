import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { SharedRateLimitStore } from '../../src/redis/rate-limit-store';
import { Redis } from '../../src/redis/redis';
import { as, LogRecorder, testApp } from '../http/support';
import { things } from '../http/things';
import { describeWithRedis, startRedisServer, type RedisServer } from '../support/redis-server';

/** Requests a minute. */
const LIMIT = 20;
/** Milliseconds. Waiting for Redis once takes 50; whoever waits longer than this did so again and again. */
const NO_DELAY = 1_000;
const RATE_LIMITS = { anonymousPerMinute: 1_000, userPerMinute: LIMIT };

/** A process of its own, as far as limits are concerned. */
function startProcess(url: string) {
  const log = new LogRecorder();
  const redis = new Redis(url, log);
  const { app } = testApp(things().endpoints, {
    config: { rateLimits: RATE_LIMITS },
    rateLimitStore: (prefix) => new SharedRateLimitStore(redis, `test:${prefix}`),
  });
  redis.start();
  const server = app.listen(0, '127.0.0.1');
  const ask = async (): Promise<{ status: number; left: number }> => {
    const { status, headers } = await request(server).get('/api/v1/context').set(as('admin'));
    return { status, left: Number(/r=(\d+)/.exec(headers['ratelimit']!)![1]) };
  };
  return {
    ask,
    log,
    isUp: () => redis.isUp,
    /** Asks so many times, one after the other: what was left after each. */
    spend: async (times: number): Promise<number[]> => {
      const left: number[] = [];
      for (let time = 0; time < times; time++) {
        const answer = await ask();
        expect(answer.status).toBe(200);
        left.push(answer.left);
      }
      return left;
    },
    until: async (isUp: boolean): Promise<void> => {
      for (let look = 0; redis.isUp !== isUp; look++) {
        if (look === 500) throw new Error(`Redis is still ${isUp ? 'down' : 'up'}`);
        await sleep(20);
      }
    },
    stop: async (): Promise<void> => {
      redis.close();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
type Process = ReturnType<typeof startProcess>;

const countdown = (from: number, times: number): number[] => Array.from({ length: times }, (_, spent) => from - 1 - spent);

async function quickly<T>(work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  expect(performance.now() - startedAt).toBeLessThan(NO_DELAY);
  return result;
}

describeWithRedis('limits shared through Redis', () => {
  let redis: RedisServer;
  let one: Process;
  let two: Process;

  beforeEach(async () => {
    redis = await startRedisServer();
    one = startProcess(redis.url);
    two = startProcess(redis.url);
    await Promise.all([one.until(true), two.until(true)]);
  });
  afterEach(async () => {
    await Promise.all([one.stop(), two.stop(), redis.stop()]);
  });

  test('two processes count together', async () => {
    expect(await one.spend(LIMIT / 2)).toEqual(countdown(LIMIT, LIMIT / 2));
    expect(await two.spend(LIMIT / 2)).toEqual(countdown(LIMIT / 2, LIMIT / 2));
    expect((await one.ask()).status).toBe(429);
    expect((await two.ask()).status).toBe(429);
  });

  test('flushed, also of its scripts: the count begins anew, nobody notices', async () => {
    await one.spend(LIMIT / 2);
    await redis.command('FLUSHALL');
    await redis.command('SCRIPT', 'FLUSH');
    expect(await quickly(() => one.spend(2))).toEqual(countdown(LIMIT, 2));
    expect(await two.spend(1)).toEqual([LIMIT - 3]);
    expect(one.log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  });

  test('killed: every process counts for itself at once, and together again after the restart', async () => {
    await one.spend(LIMIT / 2);
    await redis.kill();
    expect(await quickly(() => one.spend(LIMIT))).toEqual(countdown(LIMIT, LIMIT));
    expect((await one.ask()).status).toBe(429);
    await redis.start();
    await Promise.all([one.until(true), two.until(true)]);
    expect([...(await one.spend(2)), ...(await two.spend(2))]).toEqual(countdown(LIMIT, 4));
    expect(one.log.lines.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'info: Redis answers: processes share their counts',
      'warn: Redis does not answer: every process counts for itself',
      'info: Redis answers: processes share their counts',
    ]);
  });

  test('frozen: who is under way waits 50 ms, the next not at all', async () => {
    redis.freeze();
    await quickly(() => Promise.all(Array.from({ length: LIMIT / 2 }, () => one.ask())));
    await quickly(() => one.spend(LIMIT / 2));
    expect((await one.ask()).status).toBe(429);
    redis.thaw();
    await one.until(true);
  });

  test('frozen for longer than a connection is trusted: found again on a new one', async () => {
    redis.freeze();
    await one.ask();
    await sleep(3_500);
    await quickly(() => one.spend(2));
    redis.thaw();
    await one.until(true);
    expect((await one.ask()).status).toBe(200);
  });

  test('slow: it counts as down until it is quick again', async () => {
    const paused = redis.command('CLIENT', 'PAUSE', '1500', 'ALL');
    await sleep(20);
    await quickly(() => one.spend(LIMIT));
    await paused;
    await one.until(true);
  });

  test.each<[string, string, [string, ...string[]], [string, ...string[]]]>([
    ['out of memory', 'OOM', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
    ['a replica', 'READONLY', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ])(
    'refusing every write (%s): the limit holds in each process, it counts as down until it takes them',
    async (_what, code, begin, end) => {
      await redis.command(...begin);
      expect(await quickly(() => one.spend(LIMIT))).toEqual(countdown(LIMIT, LIMIT));
      expect((await one.ask()).status).toBe(429);
      expect(one.isUp()).toBe(false);
      // Two looks at it, which answers each PING.
      await sleep(2_500);
      expect(one.isUp()).toBe(false);
      expect(one.log.lines.filter(({ level }) => level === 'warn')).toEqual([
        expect.objectContaining({
          message: 'Redis refuses commands: every process counts for itself',
          fields: expect.objectContaining({ error: expect.objectContaining({ message: expect.stringMatching(`^${code} `) }) }),
        }),
      ]);
      await redis.command(...end);
      await Promise.all([one.until(true), two.until(true)]);
      expect([...(await one.spend(2)), ...(await two.spend(2))]).toEqual(countdown(LIMIT, 4));
    },
  );
});

describe('without a usable Redis from the start', () => {
  let silent: Server;

  test.each(['nothing listens there', 'something else does, and never speaks'])('%s: every process counts for itself', async (what) => {
    silent = createServer((socket) => socket.resume()).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as { port: number };
    if (what.startsWith('nothing')) await new Promise((resolve) => silent.close(resolve));
    const one = startProcess(`redis://127.0.0.1:${port}`);
    expect(await quickly(() => one.spend(LIMIT))).toEqual(countdown(LIMIT, LIMIT));
    expect((await one.ask()).status).toBe(429);
    await one.stop();
    silent.close();
  });
});

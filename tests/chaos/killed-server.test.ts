import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../src/db/embedded/server';
import { startServerProcess, type ServerProcess } from '../support/server-process';
import { describeWithRedis, startRedisServer } from '../support/redis-server';
import { tally } from '../support/tally';
import { Client, concurrently, type Answer } from './client';
import { startOwnPostgres } from './own-postgres';
import { SERVER_ENV } from './servers';

const ORDERS = 500;
const AT_ONCE = 16;
/** After so many answers the server is killed. */
const KILLS = [60, 140, 220, 310, 400];

/** Every process of an installation, the API first. They are killed together. */
interface Installation {
  start(): Promise<ServerProcess[]>;
  stop(): Promise<void>;
}

describe('D-1: kill -9 of the server while orders come in, as somebody has it who has just installed it', () =>
  ordersSurvive(async (folder, port) => {
    const env = { ...SERVER_ENV, NODE_ENV: 'development', DATA_DIR: path.join(folder, 'data') };
    return {
      start: async () => [await startServerProcess({ port, env, logFile: path.join(folder, 'server.log') })],
      stop: async () => undefined,
    };
  }));

describeWithRedis('D-1: kill -9 of the server and its worker while orders come in, with Redis and a PostgreSQL of their own', () =>
  ordersSurvive(async (folder, port) => {
    const [postgres, redis] = await Promise.all([startOwnPostgres(), startRedisServer()]);
    const env = {
      ...SERVER_ENV,
      DATABASE_URL: postgres.runtimeUrl,
      MIGRATION_DATABASE_URL: postgres.ownerUrl,
      REDIS_URL: redis.url,
      MAIL_FROM: 'no-reply@shop.example',
      APP_URL: 'https://shop.example',
      SMTP_URL: 'smtp://127.0.0.1:9', // nobody takes the mails, so they wait
    };
    return {
      start: async () => [
        await startServerProcess({ port, env: { ...env, RUN_JOBS: 'false' }, logFile: path.join(folder, 'server.log') }),
        await startServerProcess({ program: 'worker', env, logFile: path.join(folder, 'worker.log') }),
      ],
      stop: async () => {
        await Promise.all([postgres.stop(), redis.stop()]);
      },
    };
  }),
);

function ordersSurvive(install: (folder: string, port: number) => Promise<Installation>): void {
  let folder: string;
  let port: number;
  let installation: Installation;
  let running: ServerProcess[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-chaos-'));
    await chmod(folder, 0o711); // PostgreSQL may run under another account
    port = await freePort();
    installation = await install(folder, port);
    running = await installation.start();
  });
  afterAll(async () => {
    await Promise.all(running.map((process) => process.end('SIGTERM')));
    await installation.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(`${ORDERS} orders with keys, five kills, and all of them sent again: ${ORDERS} orders, one id per key`, async () => {
    const { client, productIds } = await Client.withProducts(port, 5, 100_000);
    const keys = Array.from({ length: ORDERS }, () => randomUUID());
    const request = (index: number) =>
      [
        'POST',
        '/orders',
        { items: [0, 1].map((step) => ({ productId: productIds[(index + step) % productIds.length], quantity: '1' })) },
        { 'Idempotency-Key': keys[index]! },
      ] as const;

    // 1. Every order is sent once; an answer may be lost with the server.
    const first = new Map<string, Answer>();
    let lost = 0;
    let restart: Promise<void> | undefined;
    const kills = [...KILLS];
    const killAndRestart = async (): Promise<void> => {
      await Promise.all(running.map((process) => process.end('SIGKILL')));
      await sleep(100);
      running = await installation.start();
      restart = undefined;
    };
    await concurrently(ORDERS, AT_ONCE, async (index) => {
      await restart;
      try {
        first.set(keys[index]!, await client.send(...request(index)));
      } catch {
        lost++;
      }
      if (first.size >= (kills[0] ?? Infinity) && restart === undefined) {
        kills.shift();
        restart = killAndRestart();
      }
    });
    await restart;
    expect(kills).toEqual([]);
    expect(lost).toBeGreaterThanOrEqual(KILLS.length);
    expect(Object.keys(tally([...first.values()]))).toEqual(['201']);

    // 2. Everything is sent again, twice: what had happened is answered again, what had not happens now.
    const sendAll = async (): Promise<Answer[]> => {
      const answers: Answer[] = [];
      await concurrently(ORDERS, AT_ONCE, async (index) => {
        answers[index] = await client.settle(...request(index));
      });
      return answers;
    };
    const second = await sendAll();
    const third = await sendAll();
    expect(tally(second)).toEqual({ '201': ORDERS });
    expect(tally(third)).toEqual({ '201': ORDERS });
    expect(third.every(({ headers }) => headers.get('idempotency-replayed') === 'true')).toBe(true);
    const ids = second.map(({ body }) => body.id as string);
    expect(new Set(ids).size).toBe(ORDERS);
    expect(third.map(({ body }) => body.id as string)).toEqual(ids);
    for (const [index, key] of keys.entries()) {
      const acknowledged = first.get(key);
      if (acknowledged) expect(acknowledged.body.id).toBe(ids[index]);
    }
    const survivors = second.filter(({ headers }) => headers.get('idempotency-replayed') === 'true').length - first.size;
    process.stdout.write(`${first.size} answered at first, ${lost} lost, of which ${survivors} had been committed\n`);

    // 3. The books: no order more, no unit reserved twice, no event missing.
    const { pagination } = await client.expect(200, 'GET', '/orders?page=1&pageSize=1');
    expect(pagination.total).toBe(ORDERS);
    for (const productId of productIds) {
      const { stock } = await client.expect(200, 'GET', `/products/${productId}`);
      expect(stock).toEqual({ onHand: '100000', reserved: '200', available: '99800' });
    }
    expect(await client.violations()).toEqual([]);
  });
}

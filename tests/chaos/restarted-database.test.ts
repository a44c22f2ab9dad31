import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { queryOnce } from '../support/database';
import { startServerProcess, type ServerProcess } from '../support/server-process';
import { tally } from '../support/tally';
import { Client, concurrently, type Answer } from './client';
import { startOwnPostgres, type OwnPostgres } from './own-postgres';
import { SERVER_ENV } from './servers';

const CLIENTS = 16;
/** Milliseconds of load before and after each restart. */
const QUIET = 4_000;
/** Milliseconds until everything must work again. */
const PATIENCE = 15_000;

interface Sent {
  readonly key: string;
  readonly index: number;
  /** Milliseconds of performance.now(). */
  readonly answeredAt: number;
  readonly answer: Answer;
}

describe('D-3: PostgreSQL restarted while orders come in', () => {
  let postgres: OwnPostgres;
  let folder: string;
  let server: ServerProcess;

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-chaos-'));
    server = await startServerProcess({
      env: { ...SERVER_ENV, DATABASE_URL: postgres.runtimeUrl, MIGRATION_DATABASE_URL: postgres.ownerUrl },
      logFile: path.join(folder, 'server.log'),
    });
  });
  afterAll(async () => {
    await server.end('SIGTERM');
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('what was acknowledged is there, all else was a 503 that its key settles, and it is soon over, without a restart of the server', async () => {
    const { client, productIds } = await Client.withProducts(server.port, 20, 1_000_000);
    const order = (key: string, index: number) =>
      [
        'POST',
        '/orders',
        { items: [0, 1].map((step) => ({ productId: productIds[(index + step) % productIds.length], quantity: '1' })) },
        { 'Idempotency-Key': key },
      ] as const;

    const sent: Sent[] = [];
    let loading = true;
    const isLoading = (): boolean => loading;
    const load = Promise.all(
      Array.from({ length: CLIENTS }, async (_, number) => {
        for (let index = number; isLoading(); index += CLIENTS) {
          const key = randomUUID();
          const answer = await client.send(...order(key, index));
          sent.push({ key, index, answer, answeredAt: performance.now() });
          // As a good client does, so that a server that is down isn't asked a thousand times.
          if (answer.status === 503) await sleep(100);
        }
      }),
    );
    const restarts: Array<{ mode: string; began: number }> = [];
    for (const mode of ['fast', 'immediate'] as const) {
      await sleep(QUIET);
      restarts.push({ mode, began: performance.now() });
      await postgres.restart(mode);
    }
    await sleep(QUIET);
    loading = false;
    await load;

    const answers = sent.map(({ answer }) => answer);
    const over = restarts.map(({ mode, began }, index) => {
      const until = restarts[index + 1]?.began ?? Infinity;
      const during = sent.filter(({ answer, answeredAt }) => answer.status !== 201 && answeredAt > began && answeredAt < until);
      return { mode, refused: during.length, tookMs: Math.round(Math.max(0, ...during.map(({ answeredAt }) => answeredAt - began))) };
    });
    process.stdout.write(`D-3: ${JSON.stringify({ answers: tally(answers), over })}\n`);

    // Only successes and 503s, each of which says when to come back.
    expect(Object.keys(tally(answers)).filter((outcome) => !/^(201|503 (UNAVAILABLE|OUTCOME_UNKNOWN))$/.test(outcome))).toEqual([]);
    const refused = sent.filter(({ answer }) => answer.status === 503);
    expect(refused.every(({ answer }) => answer.headers.get('retry-after') === '1')).toBe(true);
    for (const { refused: count, tookMs } of over) {
      expect(count).toBeGreaterThan(0);
      expect(tookMs).toBeLessThan(PATIENCE);
    }

    // Sent again with their keys, all of them are done, and none twice.
    await concurrently(refused.length, CLIENTS, async (index) => {
      const { key, index: first } = refused[index]!;
      expect((await client.settle(...order(key, first))).status).toBe(201);
    });
    const count = async (): Promise<string> =>
      (await queryOnce<{ count: string }>(postgres.superuserUrl, 'SELECT count(*)::text AS count FROM orders'))[0]!.count;
    expect(await count()).toBe(String(sent.length));
    const acknowledged = sent.filter(({ answer }) => answer.status === 201);
    await concurrently(acknowledged.length, CLIENTS, async (index) => {
      const { id, number } = acknowledged[index]!.answer.body as { id: string; number: string };
      expect((await client.expect(200, 'GET', `/orders/${id}`)).number).toBe(number);
    });
    expect(await client.violations()).toEqual([]);
  });
});

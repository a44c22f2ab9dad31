import { setTimeout as sleep } from 'node:timers/promises';
import { describeWithRedis, startRedisServer, type RedisServer } from '../support/redis-server';
import { tally } from '../support/tally';
import { Client, type Answer } from './client';
import { latencyOf } from './flood';
import { startServers, type Servers } from './servers';

const CLIENTS = 8;
/** Milliseconds of load before, during and after each trouble. */
const SPELL = 1_500;
/** Milliseconds that no order may take longer because of Redis: one wait of 50 and what a busy machine adds. */
const DELAY = 500;

describeWithRedis('D-5: Redis in trouble while orders come in', () => {
  let redis: RedisServer;
  let running: Servers;

  beforeAll(async () => {
    redis = await startRedisServer();
    running = await startServers(2, { REDIS_URL: redis.url });
  });
  afterAll(async () => {
    await running.stop();
    await redis.stop();
  });

  it('flushed, frozen, killed, away, back: every order is placed, and none waits', async () => {
    const ports = running.servers.map(({ port }) => port);
    const { client, productIds } = await Client.withProducts(ports[0]!, 40, 1_000_000);
    const clients = ports.map((port) => new Client(port, client.token));
    const orders: Array<{ answer: Answer; startedAt: number; took: number }> = [];
    let loading = true;
    const isLoading = (): boolean => loading;
    const load = Promise.all(
      Array.from({ length: CLIENTS }, async (_, number) => {
        for (let index = number; isLoading(); index += CLIENTS) {
          const startedAt = performance.now();
          const items = [{ productId: productIds[index % productIds.length], quantity: '1' }];
          const answer = await clients[number % 2]!.send('POST', '/orders', { items });
          orders.push({ answer, startedAt, took: performance.now() - startedAt });
        }
      }),
    );

    const troubles: Array<[string, () => void | Promise<unknown>]> = [
      ['flushed', () => redis.command('FLUSHALL')],
      ['frozen', () => redis.freeze()],
      ['thawed', () => redis.thaw()],
      ['killed', () => redis.kill()],
      ['back', () => redis.start()],
    ];
    const spells: Array<{ what: string; from: number }> = [{ what: 'well', from: performance.now() }];
    await sleep(SPELL);
    for (const [what, happens] of troubles) {
      spells.push({ what, from: performance.now() });
      await happens();
      await sleep(SPELL);
    }
    loading = false;
    await load;

    const latencies = Object.fromEntries(
      spells.map(({ what, from }, index) => {
        const until = spells[index + 1]?.from ?? Infinity;
        return [what, latencyOf(orders.filter(({ startedAt }) => startedAt >= from && startedAt < until).map(({ took }) => took))];
      }),
    );
    process.stdout.write(`D-5: ${JSON.stringify({ orders: orders.length, latencies })}\n`);
    expect(Object.keys(tally(orders.map(({ answer }) => answer)))).toEqual(['201']);
    for (const { most } of Object.values(latencies)) expect(most).toBeLessThan(latencies['well']!.most + DELAY);

    // Both processes have found it again.
    await sleep(SPELL);
    for (const port of ports) {
      const { checks } = (await (await fetch(`http://127.0.0.1:${port}/health/ready`)).json()) as { checks: { redis: string } };
      expect(checks.redis).toBe('ok');
    }
    expect(await client.violations()).toEqual([]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Requests } from '../../bench/requests';
import { queryOnce } from '../support/database';
import { Client } from './client';
import { flood, latencyOf } from './flood';
import { startServers, type Servers } from './servers';

const SECONDS = 10;
/** Clients that keep one server fully busy without overloading it. */
const CLIENTS = 32;
const TIMES_CAPACITY = 3;

describe('O-1: more than it can do', () => {
  let running: Servers;

  beforeAll(async () => {
    running = await startServers(1);
  });
  afterAll(() => running.stop());

  it(`at ${TIMES_CAPACITY} × capacity most of it is still done, and the rest is refused at once`, async () => {
    const { port } = running.servers[0]!;
    const { client, productIds } = await Client.withProducts(port, 600, 1_000_000);
    const requests: Requests = { kind: 'orders', token: client.token, productIds, customerIds: [], lines: 3, most: 3 };
    await flood({ port, requests, seconds: SECONDS / 2, pace: { clients: CLIENTS } }); // warm
    // What PostgreSQL does by itself within a minute of the first rows: before, it plans for empty tables.
    await queryOnce(running.database.superuserUrl, 'ANALYZE');
    const peak = await flood({ port, requests, seconds: SECONDS, pace: { clients: CLIENTS } });

    const health = new Health(port);
    const overload = await flood({ port, requests, seconds: SECONDS, pace: { perSecond: TIMES_CAPACITY * peak.goodput } });
    const { live, ready, failures } = await health.stop();
    const figures = { peak, overload, share: overload.goodput / peak.goodput, live, ready };
    process.stdout.write(`O-1: ${JSON.stringify(figures)}\n`);

    expect(peak.statuses).toEqual({ '201': peak.sent });
    expect(Object.keys(overload.statuses).sort()).toEqual(['201', '503']);
    expect(overload).toMatchObject({ withoutRetryAfter: 0, broken: 0 });
    expect(figures.share).toBeGreaterThanOrEqual(0.8);
    expect(overload.refusals.p99).toBeLessThanOrEqual(100);
    expect(failures).toEqual([]);
    expect(live.p99).toBeLessThanOrEqual(50);
    expect(ready.p99).toBeLessThanOrEqual(50);

    // As soon as the load is gone nobody is refused.
    expect((await client.send('GET', '/stores')).status).toBe(200);
    expect(await client.violations()).toEqual([]);
  });
});

/** Looks at the server's health all the time. */
class Health {
  private readonly took = { live: [] as number[], ready: [] as number[] };
  private readonly failures: string[] = [];
  private stopped = false;
  private readonly looking: Promise<void>;

  constructor(private readonly port: number) {
    this.looking = this.look();
  }

  async stop() {
    this.stopped = true;
    await this.looking;
    return { live: latencyOf(this.took.live), ready: latencyOf(this.took.ready), failures: this.failures };
  }

  private async look(): Promise<void> {
    for (; !this.stopped; await sleep(20)) {
      for (const kind of ['live', 'ready'] as const) {
        const startedAt = performance.now();
        const response = await fetch(`http://127.0.0.1:${this.port}/health/${kind}`);
        await response.arrayBuffer();
        this.took[kind].push(performance.now() - startedAt);
        if (!response.ok) this.failures.push(`${kind}: ${response.status}`);
      }
    }
  }
}

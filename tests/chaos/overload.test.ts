import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../../bench/environment';
import type { Requests } from '../../bench/requests';
import { deploy } from '../../src/db/migrate/runner';
import { queryOnce } from '../support/database';
import { startServerProcess, type ServerProcess } from '../support/server-process';
import { Client } from './client';
import { flood, latencyOf } from './flood';
import { startOwnPostgres, type OwnPostgres } from './own-postgres';
import { canShareOut, measuredProcessors, shareOut } from './processors';

const SECONDS = 10;
/** Clients that keep one server fully busy without overloading it. */
const CLIENTS = 32;
const TIMES_CAPACITY = 3;
/** Four for each processor of the database, as docs/DEPLOYMENT.md says: here it has what is left beside the load generator. */
const CONNECTIONS = 4 * measuredProcessors;

describe('O-1: more than it can do', () => {
  let folder: string;
  let postgres: OwnPostgres;
  let server: ServerProcess;
  let endShares = (): void => undefined;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'quartermaster-chaos-'));
    postgres = await startOwnPostgres();
    await deploy({ url: postgres.ownerUrl });
    const env = { ...environment(postgres), DATABASE_POOL_SIZE: String(CONNECTIONS) };
    server = await startServerProcess({ env, logFile: path.join(folder, 'server.log') });
    endShares = shareOut({ measured: [...(await postgres.pids()), server.pid] });
  });
  afterAll(async () => {
    endShares();
    await server.end('SIGTERM');
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it(`at ${TIMES_CAPACITY} × capacity most of it is still done, and the rest is refused at once`, async () => {
    const { port } = server;
    const { client, productIds } = await Client.withProducts(port, 600, 1_000_000);
    const requests: Requests = { kind: 'orders', token: client.token, productIds, customerIds: [], lines: 3, most: 3 };
    await flood({ port, requests, seconds: SECONDS / 2, pace: { clients: CLIENTS } }); // warm
    // What PostgreSQL does by itself within a minute of the first rows: before, it plans for empty tables.
    await queryOnce(postgres.superuserUrl, 'ANALYZE');
    const peak = await flood({ port, requests, seconds: SECONDS, pace: { clients: CLIENTS } });

    const health = new Health(port);
    const overload = await flood({ port, requests, seconds: SECONDS, pace: { perSecond: TIMES_CAPACITY * peak.goodput } });
    const { live, ready, failures } = await health.stop();
    const figures = { apart: canShareOut, peak, overload, share: overload.goodput / peak.goodput, live, ready };
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

import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../../bench/connection';
import { requestMaker } from '../../bench/requests';
import { queryOnce } from '../support/database';
import { Client } from './client';
import { startServers, type Servers } from './servers';

const KEPT_ALIVE = 24;
/** Clients that open a connection for every request, as long as the server says that it is ready: those of a balancer. */
const FRESH = 6;

interface Account {
  readonly statuses: Record<string, number>;
  /** Requests that were sent and not answered. */
  readonly broken: string[];
}

describe('D-4: SIGTERM while orders come in', () => {
  let running: Servers;

  beforeAll(async () => {
    running = await startServers(1, { STOP_DELAY_MS: '500' });
  });
  afterAll(() => running.stop());

  it('no request that was sent fails, on kept-alive connections and on new ones; the process ends with 0 in time', async () => {
    const server = running.servers[0]!;
    const { client, productIds } = await Client.withProducts(server.port, 60, 1_000_000);
    const next = requestMaker({ kind: 'orders', token: client.token, productIds, customerIds: [], lines: 2, most: 2 });
    const account: Account = { statuses: {}, broken: [] };
    const balancer = watchReadiness(server.port);
    const clients = [
      ...Array.from({ length: KEPT_ALIVE }, () => ordering(server.port, next, account)),
      ...Array.from({ length: FRESH }, () => ordering(server.port, next, account, balancer)),
    ];
    await sleep(3_000);

    const startedAt = performance.now();
    const exitCode = await server.end('SIGTERM');
    const took = performance.now() - startedAt;
    await Promise.all(clients);
    process.stdout.write(`D-4: ${JSON.stringify({ ...account, exitCode, tookMs: Math.round(took) })}\n`);

    expect(account.broken).toEqual([]);
    expect(Object.keys(account.statuses)).toEqual(['201']);
    expect(exitCode).toBe(0);
    expect(took).toBeLessThan(30_000);
    // Nothing was done that nobody was told of, and nothing that was told was not done.
    const [row] = await queryOnce<{ orders: string }>(running.database.superuserUrl, 'SELECT count(*)::text AS orders FROM orders');
    expect(row!.orders).toBe(String(account.statuses['201']));
  });
});

interface Balancer {
  isReady(): boolean;
}

function watchReadiness(port: number): Balancer {
  let ready = true;
  const watch = async (): Promise<void> => {
    for (; ready; await sleep(50)) ready = await fetch(`http://127.0.0.1:${port}/health/ready`).then(({ ok }) => ok);
  };
  watch().catch(() => {
    ready = false;
  });
  return { isReady: () => ready };
}

/** Places orders until the server takes no connection any more; behind a balancer on a connection each, and only while it is ready. */
async function ordering(port: number, next: () => string, account: Account, balancer?: Balancer): Promise<void> {
  while (balancer?.isReady() !== false) {
    let connection: Connection;
    try {
      connection = await Connection.open(port);
    } catch (error) {
      if ((error as { code?: string }).code === 'ECONNREFUSED') return;
      throw error;
    }
    for (let last = false; !last;) {
      try {
        const { status, head } = await connection.request(next());
        account.statuses[status] = (account.statuses[status] ?? 0) + 1;
        last = balancer !== undefined || /\r\nconnection: close/i.test(head);
      } catch (error) {
        account.broken.push(String(error));
        last = true;
      }
    }
    connection.close();
  }
}

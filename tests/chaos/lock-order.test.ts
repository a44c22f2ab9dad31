import { randomInt } from 'node:crypto';
import { queryOnce } from '../support/database';
import { tally } from '../support/tally';
import { Client, concurrently, type Answer } from './client';
import { startServers, type Servers } from './servers';

const ORDERS = 2_000;
const AT_ONCE = 32;
const PRODUCTS = 12;
const LINES = 6;

describe('C-3: one lock order', () => {
  let running: Servers;

  beforeAll(async () => {
    running = await startServers(2);
  });
  afterAll(() => running.stop());

  it(`${ORDERS} orders with shuffled lines among cancellations and shipments: no deadlock, no 5xx`, async () => {
    const ports = running.servers.map(({ port }) => port);
    const { client, productIds } = await Client.withProducts(ports[0]!, PRODUCTS, 1_000_000);
    const clients = ports.map((port) => new Client(port, client.token));
    const placed: string[] = [];
    const placements: Answer[] = [];
    const changes: Answer[] = [];

    await concurrently(ORDERS, AT_ONCE, async (index) => {
      // What PostgreSQL does by itself within a minute of the first rows: before, rules are asked by plans for empty tables.
      if (index === ORDERS / 10) await queryOnce(running.database.superuserUrl, 'ANALYZE');
      const one = clients[index % 2]!;
      const items = shuffled(productIds)
        .slice(0, LINES)
        .map((productId) => ({ productId, quantity: String(1 + randomInt(3)) }));
      const answer = await one.send('POST', '/orders', { items });
      placements.push(answer);
      if (answer.status === 201) placed.push(answer.body.id as string);
      // Somebody else's order as likely as one's own, so that cancellations and shipments of one order meet.
      const orderId = placed[Math.max(0, placed.length - 1 - randomInt(AT_ONCE))];
      if (orderId !== undefined) changes.push(await change(one, orderId));
    });

    expect(tally(placements)).toEqual({ '201': ORDERS });
    const outcomes = tally(changes);
    process.stdout.write(`changes: ${JSON.stringify(outcomes)}\n`);
    expect(Object.keys(outcomes).filter((outcome) => !/^(20[01]|409 )/.test(outcome))).toEqual([]);
    expect(outcomes['200'] ?? 0).toBeGreaterThan(ORDERS / 10);
    expect(outcomes['201'] ?? 0).toBeGreaterThan(ORDERS / 10);

    const [{ deadlocks } = { deadlocks: '?' }] = await queryOnce<{ deadlocks: string }>(
      running.database.superuserUrl,
      'SELECT deadlocks::text FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(deadlocks).toBe('0');
    for (const port of ports) expect(await retries(port)).toEqual([]);
    expect(await client.violations()).toEqual([]);
  });
});

function change(client: Client, orderId: string): Promise<Answer> {
  switch (randomInt(4)) {
    case 0:
      return client.send('POST', `/orders/${orderId}/cancel`, { reason: 'chaos' });
    case 1:
      return client.send('PATCH', `/orders/${orderId}/status`, { status: 'confirmed' });
    case 2:
      return client.send('PATCH', `/orders/${orderId}/status`, { status: 'processing' });
    default:
      return client.send('POST', `/orders/${orderId}/shipments`, {});
  }
}

/** Lines of /metrics that tell of statements run again after a deadlock or a serialization failure. */
async function retries(port: number): Promise<string[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return text.split('\n').filter((line) => /^retries_total\{.*\} [1-9]/.test(line));
}

function shuffled<T>(values: readonly T[]): T[] {
  const cards = [...values];
  for (let last = cards.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [cards[last], cards[other]] = [cards[other]!, cards[last]!];
  }
  return cards;
}

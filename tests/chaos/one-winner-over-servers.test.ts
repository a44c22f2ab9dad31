import { randomUUID } from 'node:crypto';
import { queryOnce } from '../support/database';
import { tally } from '../support/tally';
import { Client, concurrently, type Answer } from './client';
import { startServers, type Servers } from './servers';

const CLIENTS = 50;
const PAYMENTS = 200;

interface Order {
  readonly id: string;
  readonly items: ReadonlyArray<{ readonly id: string }>;
}

let running: Servers;
/** The same admin on each server. */
let clients: Client[];
let productId: string;

beforeAll(async () => {
  running = await startServers(2);
  const ports = running.servers.map(({ port }) => port);
  const { client, productIds } = await Client.withProducts(ports[0]!, 1, 100_000);
  clients = ports.map((port) => new Client(port, client.token));
  productId = productIds[0]!;
});
afterAll(() => running.stop());

const key = (): Record<string, string> => ({ 'Idempotency-Key': randomUUID() });
const post = (client: Client, order: Order, path: string, body: object): Promise<Answer> =>
  client.send('POST', `/orders/${order.id}/${path}`, body, key());
const move = (client: Client, order: Order, status: string): Promise<Answer> =>
  client.send('PATCH', `/orders/${order.id}/status`, { status });

async function placed(): Promise<Order> {
  return (await clients[0]!.expect(201, 'POST', '/orders', { items: [{ productId, quantity: '2' }] })) as Order;
}
async function paid(): Promise<Order> {
  const order = await placed();
  for (const status of ['confirmed', 'shipped']) await clients[0]!.expect(200, 'PATCH', `/orders/${order.id}/status`, { status });
  await clients[0]!.expect(201, 'POST', `/orders/${order.id}/payments`, { method: 'card' }, key());
  return order;
}

describe('C-4: fifty clients do the same to one order at once, over two servers', () => {
  const commands: Array<[string, () => Promise<Order>, (client: Client, order: Order) => Promise<Answer>]> = [
    ['confirm', placed, (client, order) => move(client, order, 'confirmed')],
    ['ship', placed, (client, order) => post(client, order, 'shipments', {})],
    ['cancel', placed, (client, order) => post(client, order, 'cancel', { reason: 'chaos' })],
    ['pay', placed, (client, order) => post(client, order, 'payments', { method: 'cash' })],
    ['refund', paid, (client, order) => post(client, order, 'refunds', { reason: 'chaos' })],
    [
      'return',
      paid,
      (client, order) => post(client, order, 'returns', { items: [{ itemId: order.items[0]!.id, quantity: '2' }], reason: 'chaos' }),
    ],
  ];
  it.each(commands)('%s: one success, forty-nine refusals, one event', async (_what, prepare, attempt) => {
    const order = await prepare();
    const events = async (): Promise<number> =>
      (
        await queryOnce<{ count: number }>(
          running.database.superuserUrl,
          'SELECT count(*)::int AS count FROM events WHERE aggregate_id = $1',
          [order.id],
        )
      )[0]!.count;
    const before = await events();
    const answers = await Promise.all(Array.from({ length: CLIENTS }, (_, number) => attempt(clients[number % 2]!, order)));
    const successes = answers.filter(({ status }) => status === 200 || status === 201).length;
    const refusals = answers.filter(({ status }) => status === 409).length;
    expect({ successes, refusals, outcomes: tally(answers) }).toMatchObject({ successes: 1, refusals: CLIENTS - 1 });
    expect(await events()).toBe(before + 1);
    expect(await clients[1]!.violations()).toEqual([]);
  });
});

describe('C-5: two full refunds of one payment at once, over two servers', () => {
  it(`of ${2 * PAYMENTS} refunds of ${PAYMENTS} payments ${PAYMENTS} succeed`, async () => {
    const answers: Answer[] = [];
    await concurrently(PAYMENTS, 8, async () => {
      const order = await paid();
      answers.push(...(await Promise.all(clients.map((client) => post(client, order, 'refunds', { amount: '20.00', reason: 'chaos' })))));
    });
    const outcomes = tally(answers);
    expect(outcomes['201']).toBe(PAYMENTS);
    expect(Object.keys(outcomes).filter((outcome) => !/^(201|409 \w+)$/.test(outcome))).toEqual([]);
    const [books] = await queryOnce<{ paid: string; refunded: string }>(
      running.database.superuserUrl,
      `SELECT (SELECT sum(amount) FROM refunds)::text AS refunded, (SELECT sum(paid_amount) FROM orders WHERE refunded_amount > 0)::text AS paid`,
    );
    expect(books!.refunded).toBe(books!.paid);
    expect(await clients[0]!.violations()).toEqual([]);
  });
});

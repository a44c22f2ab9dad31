import { tally } from '../support/tally';
import { Client, type Answer } from './client';
import { startServers, type Servers } from './servers';

describe('C-1, C-2: the last units, over two server processes', () => {
  let running: Servers;

  beforeAll(async () => {
    running = await startServers(2);
  });
  afterAll(() => running.stop());

  it('200 orders at once for the last 50 units: 50 get one, 150 are told why not, and nothing else happens', async () => {
    const ports = running.servers.map(({ port }) => port);
    const { client, productIds } = await Client.withProducts(ports[0]!, 1, 50);
    const clients = ports.map((port) => new Client(port, client.token));
    const items = [{ productId: productIds[0], quantity: '1' }];
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, buyer): Promise<Answer> => clients[buyer % 2]!.send('POST', '/orders', { items })),
    );

    expect(tally(answers)).toEqual({ '201': 50, '409 INSUFFICIENT_STOCK': 150 });
    const { stock } = await client.expect(200, 'GET', `/products/${productIds[0]}`);
    expect(stock).toMatchObject({ onHand: '50', reserved: '50', available: '0' });
    const numbers = answers.filter(({ status }) => status === 201).map(({ body }) => body.number);
    expect(new Set(numbers).size).toBe(50);
    expect(await clients[1]!.violations()).toEqual([]);
  });

  it('C-2: lines that name one product count together: of 100 orders of 1 + 1 for the last 51 units 25 are placed', async () => {
    const ports = running.servers.map(({ port }) => port);
    const { client, productIds } = await Client.withProducts(ports[0]!, 1, 51);
    const clients = ports.map((port) => new Client(port, client.token));
    const items = [1, 2].map(() => ({ productId: productIds[0], quantity: '1' }));
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, buyer): Promise<Answer> => clients[buyer % 2]!.send('POST', '/orders', { items })),
    );
    expect(tally(answers)).toEqual({ '201': 25, '409 INSUFFICIENT_STOCK': 75 });
    const { stock } = await client.expect(200, 'GET', `/products/${productIds[0]}`);
    expect(stock).toMatchObject({ onHand: '51', reserved: '50', available: '1' });
    // Two lines of which each could be had, but not both.
    expect(tally([await client.send('POST', '/orders', { items })])).toEqual({ '409 INSUFFICIENT_STOCK': 1 });
    expect(await client.violations()).toEqual([]);
  });

  it('one key sent to both at once: one order', async () => {
    const ports = running.servers.map(({ port }) => port);
    const { client, productIds } = await Client.withProducts(ports[0]!, 1, 100);
    const clients = ports.map((port) => new Client(port, client.token));
    const order = { items: [{ productId: productIds[0], quantity: '2' }] };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, attempt) =>
        clients[attempt % 2]!.settle('POST', '/orders', order, { 'Idempotency-Key': 'one-and-the-same' }),
      ),
    );
    expect(tally(answers)).toEqual({ '201': 40 });
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(39);
    const { stock } = await client.expect(200, 'GET', `/products/${productIds[0]}`);
    expect(stock.reserved).toBe('2');
  });
});

import { startTestApp, type TestApp } from '../support/app';
import { stockRoom, type StockRoom } from '../support/stock';
import { tally } from '../support/tally';

let app: TestApp;
let room: StockRoom;
beforeAll(async () => {
  app = await startTestApp();
  room = await stockRoom(app);
});
afterAll(() => app.close());

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const takeOne = (productId: string) => room.admin.post('/inventory/adjust-stock', { productId, quantity: '-1', reason: 'damaged' });
const orderOne = (productId: string) => room.admin.post('/orders', { items: [{ productId, quantity: '1' }] });
const movementsOf = (productId: string) =>
  app.sql<{ quantity: string; quantity_after: string }>(
    'SELECT trim_scale(quantity)::text AS quantity, trim_scale(quantity_after)::text AS quantity_after FROM stock_movements WHERE product_id = $1 ORDER BY id',
    [productId],
  );
const eventsOf = async (productId: string): Promise<number> =>
  (await app.sql(`SELECT FROM events WHERE aggregate_id = $1 AND type = 'stock.adjusted'`, [productId])).length;

it('STK-6: 50 clients take the last 20 units: 20 get one, 30 are told why not', async () => {
  const productId = await room.product({ quantity: '20', cost: '0.35' });
  const answers = await Promise.all(times(50, () => takeOne(productId)));
  expect(tally(answers)).toEqual({ '200': 20, '409 INSUFFICIENT_STOCK': 30 });
  expect(await room.level(productId)).toMatchObject({ onHand: '0', reserved: '0', value: '0.00' });
  const left = answers.flatMap(({ body }) => (body.level === undefined ? [] : [Number(body.level.onHand)]));
  expect(left.sort((a, b) => a - b)).toEqual(times(20, (n) => n));
  expect(await eventsOf(productId)).toBe(21);
});

it('STK-6: orders and adjustments share 30 units exactly', async () => {
  const productId = await room.product({ quantity: '30' });
  const [taken, placed] = await Promise.all([
    Promise.all(times(25, () => takeOne(productId))),
    Promise.all(times(25, () => orderOne(productId))),
  ]);
  const adjusted = tally(taken)['200'] ?? 0;
  const ordered = tally(placed)['201'] ?? 0;
  expect(adjusted + ordered).toBe(30);
  expect((tally(taken)['409 INSUFFICIENT_STOCK'] ?? 0) + (tally(placed)['409 INSUFFICIENT_STOCK'] ?? 0)).toBe(20);
  expect(await room.level(productId)).toMatchObject({ onHand: String(30 - adjusted), reserved: String(ordered), available: '0' });
});

it('STK-3: the first movements of a product, all at once, make one level', async () => {
  const productId = await room.product();
  const storeId = await room.store('FIRST');
  const answers = await Promise.all(
    times(30, (n) => room.admin.patch(`/inventory/${productId}`, { storeId, quantity: String(n + 1), unitCost: '1', reason: 'received' })),
  );
  expect(tally(answers)).toEqual({ '200': 30 });
  expect(await room.level(productId)).toMatchObject({ storeId, onHand: '465', value: '465.00' });
});

it('setTo by many at once: each starts from what the one before has left', async () => {
  const productId = await room.product();
  const answers = await Promise.all(times(20, (n) => room.admin.patch(`/products/${productId}/stock`, { setTo: String(n + 1) })));
  expect(tally(answers)).toEqual({ '200': 20 });
  const movements = await movementsOf(productId);
  expect(movements.map(({ quantity_after }) => Number(quantity_after)).sort((a, b) => a - b)).toEqual(times(20, (n) => n + 1));
  const sum = movements.reduce((total, { quantity }) => total + Number(quantity), 0);
  expect((await room.level(productId)).onHand).toBe(String(sum));
});

it('several products in either order by many clients: nobody waits for ever', async () => {
  const products = [await room.product({ quantity: '100' }), await room.product({ quantity: '100' })];
  const answers = await Promise.all(
    times(40, (n) =>
      n % 2 === 0
        ? room.admin.post('/orders', {
            items: (n % 4 === 0 ? products : products.toReversed()).map((productId) => ({ productId, quantity: '1' })),
          })
        : takeOne(products[n % 4 === 1 ? 0 : 1]!),
    ),
  );
  expect(tally(answers)).toEqual({ '200': 20, '201': 20 });
  for (const productId of products) expect(await room.level(productId)).toMatchObject({ onHand: '90', reserved: '20' });
});

it('one key sent by many at once: one movement', async () => {
  const productId = await room.product();
  const send = () =>
    room.admin.post('/inventory/adjust-stock', { productId, quantity: '5', reason: 'found' }).set('Idempotency-Key', `one-${productId}`);
  const counts = tally(await Promise.all(times(20, send)));
  expect((counts['200'] ?? 0) + (counts['409 IDEMPOTENCY_IN_FLIGHT'] ?? 0)).toBe(20);
  expect((await send().expect(200)).headers['idempotency-replayed']).toBe('true');
  expect(await movementsOf(productId)).toHaveLength(1);
});

it('a store that goes meanwhile refuses what comes after; one that has got stock stays', async () => {
  const productId = await room.product();
  const storeId = await room.store('CLOSING');
  const adjusting = times(20, () => room.admin.patch(`/inventory/${productId}`, { storeId, quantity: '1', reason: 'found' }));
  const [answers, { status }] = await Promise.all([Promise.all(adjusting), room.admin.delete(`/stores/${storeId}`)]);
  const counts = tally(answers);
  expect((counts['200'] ?? 0) + (counts['422 STORE_NOT_USABLE'] ?? 0)).toBe(20);
  expect(await movementsOf(productId)).toHaveLength(counts['200'] ?? 0);
  expect([counts['200'] ?? 0, status]).toEqual(status === 204 ? [0, 204] : [20, 409]);
});

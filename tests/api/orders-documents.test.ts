import { newId } from '../../src/kernel/ids';
import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** What hangs on one order comes in pages, as all lists do. */
let app: TestApp;
let shop: Shop;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
});
afterAll(() => app.close());

type Row = Record<string, string>;

/** All rows of a list, two at a time, and the same on the way back. */
async function walked(path: string, column: string, query = ''): Promise<string[]> {
  const valuesOf = (rows: Row[]): string[] => rows.map((row) => row[column]!);
  const read = async (cursor: string | null) =>
    (await shop.admin.get(`${path}?pageSize=2${query}${cursor === null ? '' : `&cursor=${cursor}`}`).expect(200)).body;
  let page = await read(null);
  const there = [valuesOf(page.data)];
  while (page.pagination.nextCursor !== null) {
    page = await read(page.pagination.nextCursor);
    there.push(valuesOf(page.data));
  }
  const back = [valuesOf(page.data)];
  while (page.pagination.previousCursor !== null) {
    page = await read(page.pagination.previousCursor);
    back.unshift(valuesOf(page.data));
  }
  expect(back.flat()).toEqual(there.flat());
  expect(there.length).toBe(Math.max(1, Math.ceil(there.flat().length / 2)));
  return there.flat();
}

test('history, shipments, returns, payments and refunds: page by page, there and back, in both directions', async () => {
  const product = await shop.product(50);
  const order = await shop.order([[product, 5]]);
  const itemId = order.items[0].id;
  const some = (quantity: number) => [{ itemId, quantity: String(quantity) }];
  for (const quantity of [1, 2, 2]) await shop.post(order.id, 'shipments', { items: some(quantity) }).expect(201);
  for (const amount of ['10.00', '15.00', '25.00']) await shop.post(order.id, 'payments', { amount, method: 'cash' }).expect(201);
  for (const quantity of [1, 1, 2]) await shop.post(order.id, 'returns', { items: some(quantity), reason: 'x' }).expect(201);
  for (const amount of ['1.00', '2.00', '3.00']) await shop.post(order.id, 'refunds', { amount, reason: 'x' }).expect(201);

  const at = `/orders/${order.id}`;
  const versions = Array.from({ length: 13 }, (_, index) => index + 1);
  expect(await walked(`${at}/history`, 'version')).toEqual(versions);
  expect(await walked(`${at}/history`, 'version', '&sort=-version')).toEqual(versions.toReversed());
  expect(await walked(`${at}/payments`, 'amount')).toEqual(['10.00', '15.00', '25.00']);
  expect(await walked(`${at}/payments`, 'amount', '&sort=-paidAt')).toEqual(['25.00', '15.00', '10.00']);
  expect(await walked(`${at}/refunds`, 'amount')).toEqual(['1.00', '2.00', '3.00']);
  expect(await walked(`${at}/returns`, 'total')).toEqual(['10.00', '10.00', '20.00']);
  expect(await walked(`${at}/shipments`, 'id')).toHaveLength(3);
  const numbered = (await shop.admin.get(`${at}/shipments?page=2&pageSize=2`).expect(200)).body;
  expect(numbered).toMatchObject({ data: [{ items: [{ itemId, quantity: '2' }] }], pagination: { page: 2, total: 3 } });
});

test('of an order with none they are empty; of no order there are none', async () => {
  const order = await shop.order([[await shop.product(1), 1]]);
  for (const part of ['shipments', 'returns', 'payments', 'refunds']) {
    const { body } = await shop.admin.get(`/orders/${order.id}/${part}`).expect(200);
    expect(body).toMatchObject({ data: [], pagination: { pageSize: 20, nextCursor: null } });
    await shop.admin.get(`/orders/${newId()}/${part}`).expect(404);
    await shop.admin.get(`/orders/${order.id}/${part}?pageSize=201`).expect(400);
    await shop.admin.get(`/orders/${order.id}/${part}?cursor=nonsense`).expect(400);
  }
});

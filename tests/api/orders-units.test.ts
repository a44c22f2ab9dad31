import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** QTY-1, QTY-2: what is entered in another unit than the stock's, exactly and in whole units. Closing the application checks INV-7. */
let app: TestApp;
let shop: Shop;
let dozen: string;
let third: string;
let single: string;
let metre: string;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  dozen = await unit('dz', '12', true);
  third = await unit('trio', '3', true);
  single = await unit('single', '1', true);
  metre = await unit('metre', '1', false, 'length');
});
afterAll(() => app.close());

const unit = async (code: string, factor: string, isWhole: boolean, category = 'count'): Promise<string> => {
  const { body } = await shop.admin.post('/units', { code, name: code, category, factor, isWhole }).expect(201);
  return (body as { id: string }).id;
};
const codeOf = (answer: { body: { error: { code: string } } }): string => answer.body.error.code;
const pathOf = (answer: { body: { error: { details: { issues: Array<{ path: string }> } } } }): string =>
  answer.body.error.details.issues[0]!.path;

test('QTY-1: fewer than a stock unit each, as long as they make whole ones; the price follows exactly', async () => {
  const product = await shop.product(10, { unitId: third, price: '3.00' });
  const { body } = await shop.admin.post('/orders', { items: [{ productId: product, quantity: '3', unitId: single }] }).expect(201);
  expect(body.items[0]).toMatchObject({ quantity: '3', unit: 'single', stockQuantity: '1', unitPrice: '1.00', gross: '3.00' });
  expect(await shop.stock(product)).toBe('10/1/9');
  const split = await shop.admin.post('/orders', { items: [{ productId: product, quantity: '4', unitId: single }] }).expect(422);
  expect(codeOf(split)).toBe('QUANTITY_NOT_EXACT');
});

test('QTY-1: the quantity of an item in another unit is changed exactly, and comes back at its stock unit’s price', async () => {
  const product = await shop.product(10, { unitId: dozen, price: '12.00' });
  const order = (await shop.admin.post('/orders', { items: [{ productId: product, quantity: '12', unitId: single }] }).expect(201)).body;
  const item = `/orders/${order.id}/items/${order.items[0].id}`;
  expect((await shop.admin.patch(item, { quantity: '24' }).expect(200)).body.items[0]).toMatchObject({
    quantity: '24',
    stockQuantity: '2',
    unitPrice: '1.00',
    gross: '24.00',
  });
  expect(await shop.stock(product)).toBe('10/2/8');
  expect(codeOf(await shop.admin.patch(item, { quantity: '25' }).expect(422))).toBe('QUANTITY_NOT_EXACT');

  await shop.move(order.id, 'confirmed', 'shipped');
  const back = await shop.post(order.id, 'returns', { items: [{ itemId: order.items[0].id, quantity: '1' }], reason: 'x' }).expect(201);
  expect(back.body.return.items[0]).toMatchObject({ quantity: '1', unitPrice: '12.00', total: '12.00' });
  expect((await shop.admin.get(`/orders/${order.id}/returns`).expect(200)).body.data[0].items[0].unitPrice).toBe('12.00');
});

test('QTY-2: half of a whole unit is refused, though it were a whole number of stock units', async () => {
  const product = await shop.product(100);
  const halved = { items: [{ productId: product, quantity: '0.5', unitId: dozen }] };
  expect(pathOf(await shop.admin.post('/orders', halved).expect(400))).toBe('items.0.quantity');
  const order = (await shop.admin.post('/orders', { items: [{ productId: product, quantity: '2', unitId: dozen }] }).expect(201)).body;
  const [item] = order.items;
  await shop.admin.post(`/orders/${order.id}/items`, halved.items[0]).expect(400);
  await shop.admin.patch(`/orders/${order.id}/items/${item.id}`, { quantity: '1.5' }).expect(400);
  const replacement = { items: [{ id: item.id, productId: product, quantity: '1.5' }] };
  await shop.admin.put(`/orders/${order.id}`, replacement).expect(400);
  expect(await shop.stock(product)).toBe('100/24/76');
});

test('an item that is kept keeps its unit: naming another one is refused, not passed over', async () => {
  const product = await shop.product(100);
  const order = await shop.order([[product, 2]]);
  const [item] = order.items;
  const kept = (unitId: string) => ({ items: [{ id: item.id, productId: product, quantity: '2', unitId }] });
  expect(pathOf(await shop.admin.put(`/orders/${order.id}`, kept(dozen)).expect(400))).toBe('items.0.unitId');
  expect(codeOf(await shop.admin.put(`/orders/${order.id}`, kept(product)).expect(422))).toBe('UNUSABLE_REFERENCE');
  expect(pathOf(await shop.admin.put(`/orders/${order.id}`, kept(metre)).expect(400))).toBe('items.0.unitId');

  const { body: units } = await shop.admin.get('/units').expect(200);
  const own = (units.data as Array<{ id: string; code: string }>).find(({ code }) => code === item.unit)!;
  await shop.admin.put(`/orders/${order.id}`, kept(own.id)).expect(200);
  const anew = { items: [{ productId: product, quantity: '2', unitId: dozen }] };
  expect((await shop.admin.put(`/orders/${order.id}`, anew).expect(200)).body.items[0]).toMatchObject({ stockQuantity: '24' });
  expect(await shop.stock(product)).toBe('100/24/76');
});

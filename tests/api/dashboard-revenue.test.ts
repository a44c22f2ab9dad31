import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** What one order after the other does to the revenue, by whatever way money and goods go back. */
let app: TestApp;
let shop: Shop;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());
beforeEach(async () => {
  shop = await openShop(app);
  await shop.admin.post('/tax-rates', { name: 'VAT', rate: '20', inclusive: false, isDefault: true }).expect(201);
});

/** Of all time, the same by every grouping. */
async function figures(): Promise<{ sales: string; returns: string; refunds: string; revenue: string }> {
  const { body } = await shop.admin.get('/dashboard/sales?groupBy=month').expect(200);
  const { sales, returns, refunds, revenue } = body.totals;
  expect((await shop.admin.get('/dashboard/overview').expect(200)).body.totalRevenue).toBe(revenue);
  for (const groupBy of ['day', 'product', 'category', 'customer', 'country', 'store']) {
    const { body: grouped } = await shop.admin.get(`/dashboard/sales?groupBy=${groupBy}`).expect(200);
    expect([groupBy, grouped.totals]).toEqual([groupBy, body.totals]);
    const cents = grouped.data.reduce((sum: number, row: { revenue: string }) => sum + Math.round(Number(row.revenue) * 100), 0);
    expect([groupBy, (cents / 100).toFixed(2)]).toEqual([groupBy, revenue]);
  }
  return { sales, returns, refunds, revenue };
}

/** `quantity` of 100.00 net, 20 % tax. */
const order = async (quantity: number, fields: object = {}) =>
  shop.order([[await shop.product(quantity, { price: '100.00' }), quantity]], fields);
const pay = (id: string, amount?: string) => shop.post(id, 'payments', { amount, method: 'card' }).expect(201);
const refund = (id: string, body: object = {}) => shop.post(id, 'refunds', { reason: 'x', ...body }).expect(201);

test('a full refund takes back the net, and neither tax nor shipping', async () => {
  const { id } = await order(1, { shippingAmount: '10.00' });
  await pay(id);
  await refund(id);
  expect(await figures()).toEqual({ sales: '100.00', returns: '0.00', refunds: '100.00', revenue: '0.00' });
});

test('so do many small ones, to the cent', async () => {
  const { id } = await order(1, { shippingAmount: '10.00' });
  await pay(id);
  for (const amount of ['33.33', '33.33', '33.33', '0.02', '29.99']) await refund(id, { amount });
  expect(await figures()).toMatchObject({ refunds: '100.00', revenue: '0.00' });
});

test('what was cancelled is no sale, and its refund takes nothing off again', async () => {
  const { id, items } = await order(2);
  await pay(id);
  await shop.post(id, 'cancel', { reason: 'x', items: [{ itemId: items[0].id, quantity: '1' }] }).expect(200);
  expect(await figures()).toEqual({ sales: '100.00', returns: '0.00', refunds: '0.00', revenue: '100.00' });
  await refund(id, { amount: '120.00' });
  expect(await figures()).toEqual({ sales: '100.00', returns: '0.00', refunds: '0.00', revenue: '100.00' });
  const { body } = await shop.admin.get('/dashboard/sales?groupBy=product').expect(200);
  expect(body.data[0]).toMatchObject({ sales: '100.00', quantity: '1' });
  await refund(id);
  expect(await figures()).toMatchObject({ refunds: '100.00', revenue: '0.00' });
});

test('an unpaid order of two, one cancelled, one shipped and paid, is a sale of one', async () => {
  const { id, items } = await order(2);
  await shop.post(id, 'cancel', { reason: 'x', items: [{ itemId: items[0].id, quantity: '1' }] }).expect(200);
  await shop.move(id, 'confirmed', 'shipped');
  await pay(id);
  expect(await figures()).toEqual({ sales: '100.00', returns: '0.00', refunds: '0.00', revenue: '100.00' });
});

test.each([
  ['a refund that names the return', true],
  ['a refund that does not', false],
])('goods that came back count once: %s', async (_what, named) => {
  const { id, items } = await order(2, { shippingAmount: '10.00' });
  await shop.move(id, 'confirmed', 'shipped');
  await pay(id);
  const { body } = await shop.post(id, 'returns', { items: [{ itemId: items[0].id, quantity: '1' }], reason: 'x' }).expect(201);
  await refund(id, named ? { returnId: body.return.id } : { amount: '120.00' });
  expect(await figures()).toEqual({ sales: '200.00', returns: '100.00', refunds: '0.00', revenue: '100.00' });
  await refund(id, {});
  expect(await figures()).toEqual({ sales: '200.00', returns: '100.00', refunds: '100.00', revenue: '0.00' });
});

test('also when the money went back before the goods', async () => {
  const { id, items } = await order(2);
  await shop.move(id, 'confirmed', 'shipped');
  await pay(id);
  await refund(id, { amount: '120.00' });
  expect(await figures()).toMatchObject({ returns: '0.00', refunds: '100.00', revenue: '100.00' });
  await shop.post(id, 'returns', { items: [{ itemId: items[0].id, quantity: '1' }], reason: 'x' }).expect(201);
  expect(await figures()).toMatchObject({ returns: '100.00', refunds: '0.00', revenue: '100.00' });
});

test('a kindness of some per cent takes off its share of the net', async () => {
  const { id } = await order(1, { shippingAmount: '10.00' });
  await pay(id);
  await refund(id, { amount: '13.00' });
  expect(await figures()).toMatchObject({ refunds: '10.00', revenue: '90.00' });
});

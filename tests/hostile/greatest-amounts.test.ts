import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

/** Amounts at the edge of what may be stored: sums of them, and what is computed of them, are answered in the shape that was promised. */
let app: TestApp;
let shop: Shop;
let storeId: string;
let product: string;
let customerId: string;
const MUCH = '999999999999';

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  storeId = (await shop.admin.post('/stores', { name: 'Second', code: 'TWO' }).expect(201)).body.id;
  customerId = (await shop.admin.post('/customers', { name: 'Grace' }).expect(201)).body.id;
  for (const [code, factor] of [
    ['huge', MUCH],
    ['tiny', '0.000000000001'],
  ] as const)
    await shop.admin.post('/units', { code, name: code, category: 'any', factor }).expect(201);
  product = await shop.product(MUCH, { cost: '900', price: '2000' });
  await shop.admin.patch(`/products/${product}/stock`, { storeId, setTo: MUCH }).expect(200);
  for (const store of [shop.storeId, storeId]) {
    const order = await shop.order([[product, '400000000000']], { customerId, storeId: store });
    await shop.move(order.id, 'confirmed', 'shipped');
  }
});
afterAll(() => app.close());

test.each([
  '/products',
  '/products/{product}',
  '/products/{product}/stock',
  '/inventory',
  '/inventory/{product}',
  '/inventory/low-stock',
  '/customers/{customer}/statement',
  '/dashboard',
  '/dashboard/overview',
  '/dashboard/metrics',
  '/dashboard/sales?groupBy=product',
  '/dashboard/sales?groupBy=day',
  '/dashboard/chart-data',
  '/dashboard/inventory',
  '/units/convert?from=huge&to=tiny&quantity=999999999999',
])('GET %s', async (path) => {
  const { status, body } = await shop.admin.get(path.replace('{product}', product).replace('{customer}', customerId));
  expect([status, body.error]).toEqual([200, undefined]);
});

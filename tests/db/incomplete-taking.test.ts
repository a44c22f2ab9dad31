import { startTestApp, type TestApp } from '../support/app';
import { openShop, type Shop } from '../support/shop';

let app: TestApp;
let shop: Shop;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
});
afterAll(() => app.close());

test('STK-6: a taking that turns out incomplete in the database takes nothing, although COMMIT is on its way', async () => {
  const [taken, refused] = [await shop.product(5), await shop.product(5)];
  // As if the level had changed between the look and the taking, which the locks forbid.
  await app.sql(`
    CREATE FUNCTION leave_alone() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
    CREATE TRIGGER leave_alone BEFORE UPDATE ON stock_levels FOR EACH ROW WHEN (OLD.product_id = '${refused}') EXECUTE FUNCTION leave_alone()`);
  const items = [taken, refused].map((productId) => ({ productId, quantity: '2' }));
  const { body, headers } = await shop.admin.post('/orders', { items }).expect(503);
  expect((body as { error: { code: string } }).error.code).toBe('UNAVAILABLE');
  expect(headers['retry-after']).toBe('1');
  expect([await shop.stock(taken), await shop.stock(refused)]).toEqual(['5/0/5', '5/0/5']);
  expect(await app.sql('SELECT FROM orders')).toHaveLength(0);

  await app.sql('DROP TRIGGER leave_alone ON stock_levels');
  await shop.admin.post('/orders', { items }).expect(201);
  expect([await shop.stock(taken), await shop.stock(refused)]).toEqual(['5/2/3', '5/2/3']);
});

import { startTestApp, type TestApp } from '../support/app';
import { connectTo } from '../support/database';
import { openShop, type Shop } from '../support/shop';

/** What is asked at COMMIT of an order with thousands of lines takes time by its lines, not by their square. */
const LINES = 2_000;
let app: TestApp;
let shop: Shop;

beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
});
afterAll(() => app.close());

/** Rows of lines that a transaction looks at when its deferred rules are asked, each line having changed. */
async function rowsSeen(change: string): Promise<number> {
  const client = await connectTo(app.database.superuserUrl);
  try {
    await client.query(`BEGIN; ${change}; SET CONSTRAINTS ALL IMMEDIATE`);
    const { rows } = await client.query<{ seen: string }>(
      `SELECT sum(seq_tup_read + idx_tup_fetch) AS seen FROM pg_stat_xact_user_tables WHERE relname IN ('order_lines', 'return_lines')`,
    );
    return Number(rows[0]!.seen);
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
}

test('an order of 2,000 lines is replaced, and all of it taken back; its rules look at each line a few times', async () => {
  const product = await shop.product(10 * LINES, { price: '1.00' });
  const order = await shop.order(Array.from({ length: LINES }, () => [product, 1] as const));
  const lines: string[] = order.items.map(({ id }: { id: string }) => id);
  const items = lines.map((id) => ({ id, productId: product, quantity: '2' }));
  const put = await shop.admin.put(`/orders/${order.id}`, { items }).expect(200);
  expect(put.body.total).toBe('4000.00');
  const moved = `CASE WHEN line_number % 2 = 0 THEN 1 ELSE -1 END`;
  expect(
    await rowsSeen(`UPDATE order_lines SET gross = gross + ${moved}, total = total + ${moved} WHERE order_id = '${order.id}'`),
  ).toBeLessThan(20 * LINES);
  await shop.move(order.id, 'confirmed', 'shipped');
  const back = lines.map((itemId) => ({ itemId, quantity: '1' }));
  const { body } = await shop.post(order.id, 'returns', { items: back, reason: 'Too many' }).expect(201);
  expect(body.return.total).toBe('2000.00');
  expect(
    await rowsSeen(`UPDATE return_lines SET quantity = 2 WHERE organization_id = '${shop.organizationId}';
      UPDATE order_lines SET returned_quantity = 2 WHERE order_id = '${order.id}'`),
  ).toBeLessThan(20 * LINES);
});

test('after SET CONSTRAINTS IMMEDIATE a later statement is looked at as well', async () => {
  const order = await shop.order([[await shop.product(9), 1]]);
  const change = (by: number): string =>
    `UPDATE order_lines SET gross = gross + ${by}, total = total + ${by} WHERE order_id = '${order.id}'`;
  const whole = (by: number): string => `UPDATE orders SET subtotal = subtotal + ${by}, total = total + ${by} WHERE id = '${order.id}'`;
  await expect(rowsSeen(`${change(1)}; ${whole(1)}; SET CONSTRAINTS ALL IMMEDIATE; ${change(1)}`)).rejects.toThrow(
    'orders_lines_add_up_check',
  );
});

/* A database that is older than `cancelled_amount`: its cancelled orders owed everything until the migration told them otherwise. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { complaints, integrityCheck } from '../../src/modules/integrity/integrity.module';
import { startTestApp, type TestApp } from '../support/app';
import { queryOnce } from '../support/database';
import { openShop, type Shop } from '../support/shop';

const MIGRATIONS = path.resolve(__dirname, '../../prisma/migrations');
const migration = readFileSync(
  path.join(
    MIGRATIONS,
    readdirSync(MIGRATIONS).find((name) => name.endsWith('_cancelled_amounts'))!,
    'migration.sql',
  ),
  'utf8',
);

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

/** A shop in which orders were cancelled: whole, in part, in part with the rest paid, and not at all. */
async function shopWithCancellations(currency: string): Promise<Shop> {
  const shop = await openShop(app, { currency });
  await shop.admin.post('/tax-rates', { name: 'VAT', rate: '20', inclusive: false, isDefault: true }).expect(201);
  const product = await shop.product(100, { price: '7' });
  const whole = await shop.order([[product, 3]]);
  await shop.post(whole.id, 'cancel', { reason: 'Ordered twice' }).expect(200);
  for (const paid of [false, true]) {
    const order = await shop.order([
      [product, 3],
      [product, 2],
    ]);
    await shop.post(order.id, 'cancel', { reason: 'One too many', items: [{ itemId: order.items[0].id, quantity: '1' }] }).expect(200);
    if (paid) await shop.post(order.id, 'payments', { method: 'card' }).expect(201);
  }
  await shop.order([[product, 1]]);
  return shop;
}

test('INV-8: orders cancelled before are told what was cancelled of them, in every organization; no other row is touched', async () => {
  for (const currency of ['EUR', 'JPY']) await shopWithCancellations(currency);
  const orders = () =>
    app.sql<{ status: string; payment: string; cancelled: string; tax: string; row: string }>(
      `SELECT status, payment_status AS payment, cancelled_amount::text AS cancelled, cancelled_tax::text AS tax, xmin::text AS row FROM orders ORDER BY id`,
    );
  const figures = (rows: Awaited<ReturnType<typeof orders>>) => rows.map(({ row: _row, ...rest }) => rest);
  const right = await orders();
  expect(right.filter(({ cancelled }) => Number(cancelled) > 0)).toHaveLength(6);

  // As the older code had left them: what was paid for the rest was less than the total.
  await app.sql(`SET session_replication_role = replica;
    UPDATE orders SET payment_status = 'partially_paid' WHERE payment_status = 'paid' AND cancelled_amount > 0;
    UPDATE orders SET cancelled_amount = 0, cancelled_tax = 0 WHERE cancelled_amount > 0`);
  expect(complaints(await integrityCheck(app.container)).join('\n')).toContain('INV-8.orders');

  const old = await orders();
  await queryOnce(app.database.ownerUrl, migration);
  const mended = await orders();
  expect(figures(mended)).toEqual(figures(right));
  expect(complaints(await integrityCheck(app.container))).toEqual([]);
  expect(mended.filter(({ row }, index) => row === old[index]!.row)).toHaveLength(2);

  await queryOnce(app.database.ownerUrl, migration);
  expect(await orders()).toEqual(mended);
});

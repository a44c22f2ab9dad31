/* A database that is older than `cancelled_amount`, or than its rounding: until a migration told them otherwise, its cancelled orders owed
   everything, or those cancelled in part a cent too little. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { complaints, integrityCheck } from '../../src/modules/integrity/integrity.module';
import { startTestApp, type TestApp } from '../support/app';
import { queryOnce } from '../support/database';
import { openShop, type Shop } from '../support/shop';

const MIGRATIONS = path.resolve(__dirname, '../../prisma/migrations');
const migrationOf = (name: string): string => {
  const folder = readdirSync(MIGRATIONS).find((each) => each.endsWith(`_${name}`))!;
  return readFileSync(path.join(MIGRATIONS, folder, 'migration.sql'), 'utf8');
};

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

interface Row {
  readonly status: string;
  readonly payment: string;
  readonly cancelled: string;
  readonly tax: string;
  /** Another one once the row was written. */
  readonly row: string;
}
const orders = (): Promise<Row[]> =>
  app.sql<Row>(
    `SELECT status, payment_status AS payment, cancelled_amount::text AS cancelled, cancelled_tax::text AS tax, xmin::text AS row FROM orders ORDER BY id`,
  );
const figures = (rows: readonly Row[]) => rows.map(({ row: _row, ...rest }) => rest);

test('INV-8: orders cancelled before are told what was cancelled of them, in every organization; no other row is touched', async () => {
  for (const currency of ['EUR', 'JPY']) await shopWithCancellations(currency);
  const migration = migrationOf('cancelled_amounts');
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

test('MON-8: half cents that were rounded up for what was cancelled are owed again, in every organization; no other row is touched', async () => {
  for (const [currency, price, paid] of [
    ['EUR', '10.005', '12.00'], // 24.01 with the tax: 12.00 of it cancelled, where it was 12.01
    ['JPY', '7', '8'], // 17, and 8 where it was 9
  ] as const) {
    const shop = await openShop(app, { currency });
    await shop.admin.post('/tax-rates', { name: 'VAT', rate: '20', inclusive: false, isDefault: true }).expect(201);
    const product = await shop.product(100, { price });
    for (const payment of [null, {}, { amount: paid }]) {
      const order = await shop.order([[product, 2]]);
      await shop.post(order.id, 'cancel', { reason: 'One too many', items: [{ itemId: order.items[0].id, quantity: '1' }] }).expect(200);
      if (payment) await shop.post(order.id, 'payments', { ...payment, method: 'card' }).expect(201);
    }
    await shop.order([[product, 1]]);
  }
  const right = await orders();

  // As the older code had left them: who paid the cent less had paid the order.
  await app.sql(`SET session_replication_role = replica;
    WITH halves AS (
      SELECT o.organization_id, o.id, round(l.total / 2, m.units) AS amount, round(l.tax_amount / 2, m.units) AS tax
      FROM orders o JOIN order_lines l ON l.organization_id = o.organization_id AND l.order_id = o.id
      CROSS JOIN LATERAL (SELECT currency_minor_units(o.currency) AS units) m
      WHERE l.quantity = 2 AND l.cancelled_quantity = 1 AND round(l.total / 2, m.units) * 2 <> l.total)
    UPDATE orders o SET cancelled_amount = h.amount, cancelled_tax = h.tax,
      payment_status = CASE WHEN o.paid_amount >= o.total - h.amount THEN 'paid' ELSE o.payment_status END
    FROM halves h WHERE o.organization_id = h.organization_id AND o.id = h.id`);
  expect(complaints(await integrityCheck(app.container)).join('\n')).toContain('INV-8.orders');

  const migration = migrationOf('cancelled_cents');
  const old = await orders();
  await queryOnce(app.database.ownerUrl, migration);
  const mended = await orders();
  expect(figures(mended)).toEqual(figures(right));
  expect(figures(mended).filter(({ payment }, index) => payment !== old[index]!.payment)).toHaveLength(2);
  expect(mended.filter(({ row }, index) => row !== old[index]!.row)).toHaveLength(6);
  expect(complaints(await integrityCheck(app.container))).toEqual([]);

  await queryOnce(app.database.ownerUrl, migration);
  expect(await orders()).toEqual(mended);
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { asOrganization } from '../../src/kernel/context';
import { startTestApp, type TestApp } from '../support/app';
import { connectTo } from '../support/database';
import { openShop, type Shop } from '../support/shop';
import { tally } from '../support/tally';

/** Changes of a product while it is ordered. */
let app: TestApp;
let shop: Shop;
let superuser: Client;
beforeAll(async () => {
  app = await startTestApp();
  shop = await openShop(app);
  superuser = await connectTo(app.database.superuserUrl);
});
afterAll(async () => {
  await superuser.end();
  await app.close();
});

const orderOf = (productId: string, quantity = '1') => shop.admin.post('/orders', { items: [{ productId, quantity }] });
const change = (productId: string, fields: object) => shop.admin.patch(`/products/${productId}`, fields);
const during = async (statement: string, values: readonly unknown[], work: () => Promise<void>): Promise<void> => {
  await superuser.query('BEGIN');
  try {
    await superuser.query(statement, [...values]);
    await work();
  } finally {
    await superuser.query('ROLLBACK');
  }
};

describe('an order does not wait for a change of its product', () => {
  it.each([
    ['a price', 'price = price + 1'],
    ['a name', `name = name || ' II'`],
    ['what has no rule', 'updated_at = now(), version = version + 1, supplier = NULL, status = status'],
  ])('that is being written: %s', async (_, assignment) => {
    const productId = await shop.product(5);
    await during(`UPDATE products SET ${assignment} WHERE id = $1`, [productId], async () => {
      // A lock that blocks foreign keys would hold the order to the limit of 2 s, and it would be refused.
      await orderOf(productId).expect(201);
    });
  });

  it('no table has a trigger that makes every change of it lock its key', async () => {
    // Before an UPDATE with such a trigger, PostgreSQL takes every generated column for changed, and with it a unique key over one.
    const rows = await app.sql(`
      SELECT g.tgname FROM pg_trigger g
      WHERE NOT g.tgisinternal AND g.tgtype & 19 = 19 AND EXISTS (
        SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey::int2[])
        WHERE i.indrelid = g.tgrelid AND i.indisunique AND a.attgenerated <> '')`);
    expect(rows).toEqual([]);
  });

  it('writes only the columns that change', async () => {
    const productId = await shop.product(0, { sku: 'KEPT' });
    await superuser.query(`
      CREATE FUNCTION tell_columns() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'sku was written'; END $$;
      CREATE TRIGGER tell_columns AFTER UPDATE OF sku, unit_id, tracks_stock, allows_backorder ON products FOR EACH ROW EXECUTE FUNCTION tell_columns()`);
    try {
      await change(productId, { price: '12.50', description: 'Lights up' }).expect(200);
    } finally {
      await superuser.query('DROP FUNCTION tell_columns CASCADE');
    }
  });
});

it('STK-5: allowsBackorder is toggled beside placements: orders are placed or refused, and the levels say what the product says', async () => {
  const products = await Promise.all([shop.product(40), shop.product(40), shop.product(0, { allowsBackorder: true })]);
  const place = (turn: number) => {
    // Each order takes two products, in changing order.
    const pair = turn % 2 === 0 ? products : [...products].reverse();
    return shop.admin.post('/orders', { items: pair.slice(0, 2).map((productId) => ({ productId, quantity: '1' })) });
  };
  const toggles = async (productId: string) => {
    const answers = [];
    for (let turn = 0; turn < 12; turn++) {
      answers.push(await change(productId, { allowsBackorder: turn % 2 === 0 }));
      await sleep(3);
    }
    return answers;
  };
  const [placed, ...toggled] = await Promise.all([
    Promise.all(Array.from({ length: 120 }, (_, turn) => place(turn))),
    ...products.map((productId) => toggles(productId)),
  ]);
  const outcomes = tally(placed);
  expect(Object.keys(outcomes).filter((outcome) => !['201', '409 INSUFFICIENT_STOCK'].includes(outcome))).toEqual([]);
  // Off is refused while more is promised than there is.
  expect(Object.keys(tally(toggled.flat())).filter((outcome) => !['200', '409 IN_USE'].includes(outcome))).toEqual([]);
  const differing = await app.sql(`
    SELECT FROM stock_levels l JOIN products p ON p.organization_id = l.organization_id AND p.id = l.product_id WHERE l.allows_backorder <> (p.allows_backorder AND p.tracks_stock)`);
  expect(differing).toEqual([]);
});

it('STK-5: a level that is made while allowsBackorder changes waits for it', async () => {
  const productId = await shop.product(0, { allowsBackorder: true });
  await superuser.query('BEGIN');
  await superuser.query('UPDATE products SET allows_backorder = false WHERE id = $1', [productId]);
  const order = orderOf(productId).then((answer) => answer);
  await sleep(200);
  await superuser.query('COMMIT');
  expect((await order).status).toBe(409);
  const levels = await app.sql('SELECT allows_backorder FROM stock_levels WHERE product_id = $1 AND allows_backorder', [productId]);
  expect(levels).toEqual([]);
});

describe('whether a product tracks stock', () => {
  it('stays as it is while an open order holds it, and may change when none does', async () => {
    const productId = await shop.product(0, { allowsBackorder: true });
    const order = await shop.order([[productId, 3]]);
    const { body } = await change(productId, { tracksStock: false }).expect(409);
    expect(body).toMatchObject({ error: { code: 'PRODUCT_TRACKING_FROZEN' } });
    // As it was, so the goods can come in and leave.
    await shop.admin.post('/inventory/adjust-stock', { productId, quantity: '3', reason: 'initial_stock' }).expect(200);
    await shop.post(order.id, 'shipments').expect(201);

    const other = await shop.product(0, { allowsBackorder: true });
    const cancelled = await shop.order([[other, 3]]);
    await shop.post(cancelled.id, 'cancel', { reason: 'changed their mind' }).expect(200);
    await change(other, { tracksStock: false }).expect(200);
    await shop.order([[other, 1]]);
    await change(other, { tracksStock: true }).expect(200);
  });

  it('is refused by the database too', async () => {
    const productId = await shop.product(0, { allowsBackorder: true });
    await shop.order([[productId, 3]]);
    const write = (assignment: string) =>
      asOrganization(shop.organizationId, () => app.container.pool.query(`UPDATE products SET ${assignment} WHERE id = $1`, [productId]));
    await expect(write('tracks_stock = false')).rejects.toMatchObject({ constraint: 'products_tracking_frozen_check' });
    await shop.admin.post('/units', { code: 'box', name: 'Box', category: 'count', factor: '10' }).expect(201);
    const another = '(SELECT id FROM units WHERE id <> unit_id LIMIT 1)';
    await expect(write(`unit_id = ${another}`)).rejects.toMatchObject({ constraint: 'products_unit_frozen_check' });
  });

  it('an order that is placed while it is turned off sees that it is off', async () => {
    const productId = await shop.product(0, { allowsBackorder: true });
    const first = await shop.order([[productId, 1]]);
    await shop.post(first.id, 'cancel', { reason: 'changed their mind' }).expect(200);
    const [off, ...placed] = await Promise.all([
      change(productId, { tracksStock: false }),
      ...Array.from({ length: 8 }, () => orderOf(productId)),
    ]);
    expect([200, 409]).toContain(off.status);
    expect(Object.keys(tally(placed)).filter((outcome) => !['201', '409 INSUFFICIENT_STOCK'].includes(outcome))).toEqual([]);
    const [held] = await app.sql<{ reserved: string }>('SELECT reserved FROM stock_levels WHERE product_id = $1', [productId]);
    if (off.status === 200) expect(Number(held!.reserved)).toBe(0);
  });
});

import type { Client } from 'pg';
import { healthyData, key } from '../integrity/healthy-data';
import { connectTo, freshDatabase, type TestDatabase } from '../support/database';

/**
 * What the application could write by mistake, sent as the runtime role in its own organization: the database refuses it by the name of the
 * rule. docs/adr/0016 tells what is left to the integrity check.
 */
let database: TestDatabase;
let runtime: Client;
const organization = `'${key('organization')}'`;
const [product, store, level] = [key('product'), key('store'), 'stock_levels'];

beforeAll(async () => {
  database = await freshDatabase();
  const superuser = await connectTo(database.superuserUrl);
  await superuser.query(healthyData());
  await superuser.end();
  runtime = await connectTo(database.runtimeUrl);
  await runtime.query(`SELECT set_config('app.organization_id', ${organization}, false)`);
});
afterAll(async () => {
  await runtime.end();
  await database.drop();
});

const movement = (kind: string, quantity: string, cost = '1', value = 'NULL'): string =>
  `INSERT INTO stock_movements (organization_id, id, product_id, store_id, kind, quantity, unit_cost, value, reason, occurred_at)
   VALUES (${organization}, gen_random_uuid(), '${product}', '${store}', '${kind}', ${quantity}, ${cost}, ${value}, 'because', now())`;
/** A row once more, with another id and changes. */
const again = (table: string, name: Parameters<typeof key>[0], changes: Record<string, unknown>): string =>
  `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()) || '${JSON.stringify(changes)}')).* FROM ${table} t WHERE id = '${key(name)}'`;
const on = (table: string, name: Parameters<typeof key>[0], assignment: string): string =>
  `UPDATE ${table} SET ${assignment} WHERE id = '${key(name)}'`;
const released = `UPDATE stock_reservations SET open_quantity = 0, status = 'released'`;
const lineDeleted = `DELETE FROM order_lines WHERE id = '${key('line')}'`;
const anotherOrder = again('orders', 'order', { id: key('user'), number: 'SO-3', subtotal: 0, tax_total: 0, total: 0 });

/** Constraint's name, or the SQLSTATE where a privilege is missing. */
type Mistake = readonly [what: string, sql: string, refusal: string];
const NO_PRIVILEGE = '42501';

const MISTAKES: readonly Mistake[] = [
  ['a receipt that takes away', movement('receipt', '-5'), 'stock_movements_direction_check'],
  ['a shipment that brings', movement('shipment', '5'), 'stock_movements_direction_check'],
  ['a sale that brings', movement('sale', '5'), 'stock_movements_direction_check'],
  ['a return that takes away', movement('customer_return', '-1'), 'stock_movements_direction_check'],
  ['scrap that brings', movement('scrap', '1'), 'stock_movements_direction_check'],
  ['goods that cost less than nothing', movement('receipt', '5', '-3'), 'stock_movements_cost_check'],
  ['a level’s promise taken back', `UPDATE ${level} SET reserved = 0`, 'stock_levels_given_back_check'],
  ['an active reservation deleted', 'DELETE FROM stock_reservations', 'stock_reservations_ended_check'],
  ['a level with movements deleted', `DELETE FROM ${level}`, 'stock_levels_unmoved_check'],
  ['another order for a reservation', `UPDATE stock_reservations SET order_id = '${key('sold')}'`, NO_PRIVILEGE],
  ['another product for a reservation', `UPDATE stock_reservations SET product_id = '${key('other-product')}'`, NO_PRIVILEGE],
  [
    'lines of an order on its way deleted',
    `${on('orders', 'order', `status = 'processing'`)}; ${released}; ${lineDeleted}`,
    'order_lines_frozen_check',
  ],
  ['every line of a placed order deleted', `${released}; ${lineDeleted}`, 'orders_lines_add_up_check'],
  ['a new price on a shipped line', on('order_lines', 'sold-line', 'unit_price = 9'), 'order_lines_frozen_check'],
  ['a new quantity on a shipped line', on('order_lines', 'sold-line', 'quantity = 5'), 'order_lines_frozen_check'],
  ['another product on a line', on('order_lines', 'line', `product_id = '${key('other-product')}'`), NO_PRIVILEGE],
  ['a line moved to another order', on('order_lines', 'line', `order_id = '${key('sold')}'`), NO_PRIVILEGE],
  ['something shipped without a shipment', on('order_lines', 'line', 'shipped_quantity = 1'), 'order_lines_shipments_add_up_check'],
  ['something returned without a return', on('order_lines', 'sold-line', 'returned_quantity = 2'), 'order_lines_returns_add_up_check'],
  [
    'a shipment that the line does not count',
    again('shipment_lines', 'shipment-line', { quantity: 1 }),
    'order_lines_shipments_add_up_check',
  ],
  ['a return that the line does not count', again('return_lines', 'return-line', { line_number: 2 }), 'order_lines_returns_add_up_check'],
  [
    'a shipment of another order’s line',
    again('shipment_lines', 'shipment-line', { order_line_id: key('line') }),
    'order_lines_one_order_check',
  ],
  [
    'a return of another order’s line',
    again('return_lines', 'return-line', { line_number: 2, order_line_id: key('line') }),
    'order_lines_one_order_check',
  ],
  ['a header that is not its lines', on('orders', 'order', 'subtotal = 31, total = 37'), 'orders_lines_add_up_check'],
  ['lines that are not their header', on('order_lines', 'line', 'unit_price = 11, gross = 33, total = 39'), 'orders_lines_add_up_check'],
  ['an order paid without a payment', on('orders', 'order', 'paid_amount = 5'), 'orders_money_adds_up_check'],
  ['an order refunded without a refund', on('orders', 'sold', 'refunded_amount = 13'), 'orders_money_adds_up_check'],
  ['an order returned without a return', on('orders', 'sold', 'returned_amount = 13'), 'orders_money_adds_up_check'],
  ['a return that the order does not count', again('returns', 'return', { number: 'RT-2' }), 'orders_money_adds_up_check'],
  [
    'an order that forgets which refunds were for returns',
    on('orders', 'sold', 'return_refunded_amount = 0'),
    'orders_money_adds_up_check',
  ],
  ['another customer for an order that was paid', on('orders', 'sold', `customer_id = '${key('customer')}'`), 'orders_payer_check'],
  ['another currency on an order', on('orders', 'sold', `currency = 'USD'`), 'orders_one_currency_check'],
  ['a cancelled order that holds stock', on('orders', 'order', `status = 'cancelled', cancelled_amount = 36`), 'orders_nothing_held_check'],
  [
    'a completed order that holds stock',
    `${on('orders', 'order', `status = 'processing'`)}; ${on('orders', 'order', `status = 'completed'`)}`,
    'orders_nothing_held_check',
  ],
  ['a payment refunded that is not', on('payments', 'payment', `status = 'refunded'`), 'payments_refunded_check'],
  ['a payment refunded by a status', on('payments', 'payment', `status = 'succeeded'`), 'payments_refunded_check'],
  ['a payment refunded without a refund', on('payments', 'payment', 'refunded_amount = 13'), 'payments_refunds_add_up_check'],
  ['another amount for a payment', on('payments', 'payment', 'amount = 30'), NO_PRIVILEGE],
  ['a payment that turns into an imported one', on('payments', 'payment', 'imported = true'), NO_PRIVILEGE],
  ['an order that turns into an imported one', on('orders', 'order', 'imported = true'), NO_PRIVILEGE],
  ['an imported payment of an order that is not', again('payments', 'payment', { imported: true }), 'orders_imported_whole_check'],
  ['an imported refund of an order that is not', again('refunds', 'refund', { imported: true }), 'orders_imported_whole_check'],
  [
    'an imported return of an order that is not',
    again('returns', 'return', { imported: true, number: 'RT-2' }),
    'orders_imported_whole_check',
  ],
  [
    'a payment in another currency',
    again('payments', 'payment', { currency: 'USD', status: 'pending', refunded_amount: 0 }),
    'orders_one_currency_check',
  ],
  [
    'a refund of another order’s payment',
    `${anotherOrder}; ${again('refunds', 'refund', { order_id: key('user'), return_id: null, status: 'pending' })}`,
    'refunds_one_order_check',
  ],
  [
    'a refund for another order’s return',
    `${anotherOrder}; ${again('refunds', 'refund', { order_id: key('user'), payment_id: null, status: 'pending' })}`,
    'refunds_one_order_check',
  ],
];

it.each(MISTAKES)('refuses %s', async (_, sql, refusal) => {
  await runtime.query('BEGIN');
  const failure = await runtime.query(`${sql}; SET CONSTRAINTS ALL IMMEDIATE`).then(
    () => undefined,
    (error: { code: string; constraint?: string; message: string }) => error,
  );
  await runtime.query('ROLLBACK');
  expect(failure?.constraint ?? failure?.code).toBe(refusal);
});

it('what is released is given back', async () => {
  await runtime.query('BEGIN');
  await runtime.query(`UPDATE stock_reservations SET open_quantity = 1`);
  const { rows: some } = await runtime.query(`SELECT reserved::integer FROM ${level}`);
  await runtime.query(released);
  const { rows: none } = await runtime.query(`SELECT reserved::integer FROM ${level}`);
  await runtime.query(on('orders', 'order', `status = 'cancelled', cancelled_amount = 36, cancelled_tax = 6`));
  await runtime.query('SET CONSTRAINTS ALL IMMEDIATE');
  await runtime.query('ROLLBACK');
  expect([some, none]).toEqual([[{ reserved: 1 }], [{ reserved: 0 }]]);
});

import { key } from './healthy-data';

/** The condition of a healthy row by its name. */
export const id = (name: Parameters<typeof key>[0]): string => `id = '${key(name)}'`;
const anotherLine = (columns: string): string => `
  INSERT INTO order_lines (organization_id, id, order_id, line_number, product_id, sku, name, quantity, entered_quantity, unit, unit_price, gross, total)
  SELECT organization_id, gen_random_uuid(), order_id, 2, ${columns} FROM order_lines WHERE ${id('line')}`;

/** The rows of a table once more, each with another id. */
const again = (table: string, changes: object = {}): string =>
  `INSERT INTO ${table} SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid()) || '${JSON.stringify(changes)}')).* FROM ${table} t`;

type Corruption = readonly [what: string, sql: string, reported: readonly string[]];

/** What is done to rows, and what must be reported: no more and no less. */
export const OF_ROWS: readonly Corruption[] = [
  ['a level holds more than its movements brought', 'UPDATE stock_levels SET on_hand = 89', ['INV-3', 'STK-1.chain']],
  ['a level is gone', 'DELETE FROM stock_levels; DELETE FROM stock_reservations', ['INV-3', 'STK-1.chain', 'STK-9']],
  ['a level is worth something else', 'UPDATE stock_levels SET value = 1', ['VAL-1', 'STK-1.chain']],
  [
    'a movement was left out and the level mended',
    `UPDATE stock_movements SET quantity = -9, quantity_after = 91 WHERE ${id('damage')}; UPDATE stock_levels SET on_hand = 89`,
    ['STK-1.chain', 'INV-10.adjustments'],
  ],
  ['a level reserves what nobody holds', 'UPDATE stock_levels SET reserved = 4', ['INV-4']],
  [
    'a reservation outlives its order',
    `UPDATE orders SET status = 'cancelled', cancelled_amount = total, cancelled_tax = tax_total WHERE ${id('order')}; UPDATE events SET after = '{"status":"cancelled"}', before = '{"status":"pending"}', aggregate_version = 2 WHERE aggregate_id = '${key('order')}';
      UPDATE orders SET version = 2 WHERE ${id('order')};
      INSERT INTO events (organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, after, actor_kind, occurred_at) VALUES ('${key('organization')}', gen_random_uuid(), 'order.placed', 'order', '${key('order')}', 1, '{"status":"pending"}', 'system', now())`,
    ['INV-4.orders'],
  ],
  ['a line is longer than its reservation', anotherLine(`product_id, 'X', 'X', 1, 1, 'pcs', 0, 0, 0`), ['STK-9']],
  [
    'more is reserved than there is',
    'UPDATE stock_levels SET reserved = 90; UPDATE stock_reservations SET quantity = 90, open_quantity = 90; UPDATE order_lines SET quantity = 90, entered_quantity = 90, unit_price = 0.333333 WHERE ' +
      id('line'),
    ['INV-5'],
  ],
  ["an order's subtotal is not its lines'", `UPDATE orders SET subtotal = 31, total = 37 WHERE ${id('order')}`, ['INV-7.orders']],
  [
    'an order lost its lines',
    `DELETE FROM order_lines WHERE ${id('line')}; DELETE FROM stock_reservations; UPDATE stock_levels SET reserved = 0; UPDATE orders SET subtotal = 0, tax_total = 0, total = 0, payment_status = 'paid' WHERE ${id('order')}`,
    ['INV-7.orders'],
  ],
  ["a line's gross is not quantity × price", `UPDATE order_lines SET unit_price = 10.01 WHERE ${id('line')}`, ['INV-7.lines']],
  [
    "a line's total is not its parts'",
    `UPDATE order_lines SET total = 37 WHERE ${id('line')}; UPDATE orders SET total = 37 WHERE ${id('order')}`,
    ['INV-7.orders', 'INV-7.lines'],
  ],
  ["a return's total is not its lines'", 'UPDATE returns SET total = 13', ['INV-7.returns', 'INV-8.orders']],
  ["an order's returned amount is not its returns'", `UPDATE orders SET returned_amount = 13 WHERE ${id('sold')}`, ['INV-8.orders']],
  ["an order says more tax came back than its returns'", `UPDATE orders SET returned_tax = 3 WHERE ${id('sold')}`, ['INV-8.orders']],
  ['a refund no longer names its return', 'UPDATE refunds SET return_id = NULL', ['INV-8.orders']],
  ["an order's cancelled tax is not its lines'", `UPDATE orders SET cancelled_tax = 1 WHERE ${id('order')}`, ['INV-8.orders']],
  [
    'more was shipped than ordered',
    `UPDATE order_lines SET shipped_quantity = 3 WHERE ${id('sold-line')}; UPDATE shipment_lines SET quantity = 3`,
    ['INV-8.lines'],
  ],
  [
    'more was returned than shipped',
    `UPDATE order_lines SET returned_quantity = 3 WHERE ${id('sold-line')}; UPDATE return_lines SET quantity = 3`,
    ['INV-8.lines'],
  ],
  ['a shipment is missing', 'DELETE FROM shipment_lines', ['INV-8.lines']],
  [
    'more was refunded than paid',
    `UPDATE orders SET refunded_amount = 30, return_refunded_amount = 30, payment_status = 'refunded' WHERE ${id('sold')};
      UPDATE refunds SET amount = 30; UPDATE payments SET refunded_amount = 30`,
    ['INV-8.orders', 'INV-8.payments', 'PAY-1'],
  ],
  ['a payment is missing', `DELETE FROM payments`, ['INV-8.orders']],
  ["a payment's refund is missing", `DELETE FROM refunds`, ['INV-8.orders', 'INV-8.payments']],
  ['an unpaid order says it is paid', `UPDATE orders SET payment_status = 'paid' WHERE ${id('order')}`, ['INV-8.payment-status']],
  ['a refunded order says it is paid', `UPDATE orders SET payment_status = 'paid' WHERE ${id('sold')}`, ['INV-8.payment-status']],
  [
    'an open order says it is fulfilled',
    `UPDATE orders SET fulfilment_status = 'fulfilled' WHERE ${id('order')}`,
    ['INV-8.fulfilment-status'],
  ],
  [
    'an order says that all of it came back',
    `UPDATE orders SET fulfilment_status = 'returned' WHERE ${id('sold')}`,
    ['INV-8.fulfilment-status'],
  ],
  ['a payment says that all of it was refunded', `UPDATE payments SET status = 'refunded'`, ['PAY-1']],
  ['a payment says that nothing of it was refunded', `UPDATE payments SET status = 'succeeded'`, ['PAY-1']],
  ['a payment is in another currency than its order', `UPDATE payments SET currency = 'USD'`, ['MON-9']],
  ['a refund is in another currency than its payment', `UPDATE refunds SET currency = 'USD'`, ['MON-9']],
  ['a return is in another currency than its order', `UPDATE returns SET currency = 'USD'`, ['MON-9']],
  ['goods that left say that they came back', `UPDATE stock_movements SET kind = 'customer_return' WHERE ${id('shipped')}`, ['STK-2']],
  ['goods that came in say that they left', `UPDATE stock_movements SET kind = 'shipment' WHERE ${id('receipt')}`, ['STK-2']],
  ['a product changed without an event', `UPDATE products SET version = 2 WHERE ${id('product')}`, ['INV-10']],
  ['an event is gone', `DELETE FROM events WHERE type = 'customer.created'`, ['INV-10']],
  ['an event has a version too many', `UPDATE events SET aggregate_version = 4 WHERE type = 'order.delivered'`, ['INV-10']],
  ['an adjustment has no event', `DELETE FROM events WHERE type = 'stock.adjusted'`, ['INV-10.adjustments']],
  [
    'an event tells of an adjustment that is not there',
    `UPDATE stock_movements SET kind = 'scrap' WHERE ${id('damage')}`,
    ['INV-10.adjustments'],
  ],
  [
    'an event tells another quantity',
    `UPDATE events SET payload = payload || '{"quantity":"-9"}' WHERE type = 'stock.adjusted'`,
    ['INV-10.adjustments'],
  ],
  ['the organization changed without an event', 'UPDATE organizations SET version = 2', ['INV-10.organization']],
  ['a price is not a number', `UPDATE products SET price = 'NaN' WHERE ${id('product')}`, ['INV-13']],
  [
    'an order jumped from pending to delivered',
    `UPDATE events SET after = '{"status":"delivered"}', payload = '{}' WHERE type = 'order.shipped'; UPDATE events SET before = '{"status":"delivered"}' WHERE type = 'order.delivered'`,
    ['INV-14'],
  ],
  [
    'an event starts from where the order was not',
    `UPDATE events SET before = '{"status":"processing"}' WHERE type = 'order.delivered'`,
    ['INV-14'],
  ],
  ['an order is not where its history ends', `UPDATE orders SET status = 'completed' WHERE ${id('sold')}`, ['INV-14']],
  [
    'an order that was not imported starts as completed',
    `UPDATE orders SET status = 'confirmed' WHERE ${id('order')}; UPDATE events SET after = '{"status":"confirmed"}' WHERE aggregate_id = '${key('order')}'`,
    ['INV-14'],
  ],
  ['a reservation is over its time', `UPDATE stock_reservations SET expires_at = now() - interval '2 min'`, ['INV-15']],
  [
    'a stored answer names nothing',
    `UPDATE idempotency_keys SET body = '{"id":"0190a000-0000-7000-8000-999999999999"}' WHERE key = 'first'`,
    ['INV-16'],
  ],
  ['an open invitation names a store that is not there', `UPDATE invitations SET store_ids = store_ids || gen_random_uuid()`, ['INV-18']],
  ['an open invitation names a customer who is not there', `UPDATE invitations SET customer_id = gen_random_uuid()`, ['INV-18']],
  ["a category's path leads elsewhere", `UPDATE categories SET path = 'elsewhere/' WHERE ${id('child')}`, ['CAT-2']],
];

/** What is done to tables, indexes, policies and privileges. */
export const OF_THE_SCHEMA: readonly Corruption[] = [
  ['an order number is used twice', `DROP INDEX orders_number_key; UPDATE orders SET number = 'SO-1'`, ['INV-9']],
  ['an SKU differs only in case', `DROP INDEX products_sku_key; UPDATE products SET sku = 'Lamp' WHERE ${id('other-product')}`, ['INV-9']],
  ['a return number is used twice', `DROP INDEX returns_number_key; ${again('returns')}`, ['INV-7.returns', 'INV-8.orders', 'INV-9']],
  ['a barcode is used twice', `DROP INDEX products_barcode_key; UPDATE products SET barcode = '1'`, ['INV-9']],
  [
    'an e-mail address differs only in case',
    `DROP INDEX customers_email_key; ${again('customers', { email: 'BOB@example.com' })}`,
    ['INV-9', 'INV-10'],
  ],
  [
    'an event is there twice',
    `DROP INDEX events_aggregate_version_key; INSERT INTO events SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid()))).* FROM events e WHERE type = 'unit.created'`,
    ['INV-10'],
  ],
  [
    'a foreign key ignores the organization',
    `CREATE UNIQUE INDEX customers_id_key ON customers (id); ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id)`,
    ['INV-11', 'INV-17'],
  ],
  ['row-level security is off', 'ALTER TABLE orders DISABLE ROW LEVEL SECURITY', ['INV-17']],
  ['the owner escapes row-level security', 'ALTER TABLE orders NO FORCE ROW LEVEL SECURITY', ['INV-17']],
  ['a policy lets everybody see everything', 'CREATE POLICY everything ON orders FOR SELECT USING (true)', ['INV-17']],
  ['a policy lets everybody write everywhere', 'CREATE POLICY everything ON orders FOR INSERT WITH CHECK (true)', ['INV-17']],
  ['a table belongs to nobody', 'CREATE TABLE loose (id uuid PRIMARY KEY)', ['INV-17']],
  ['a unique index spans organizations', 'CREATE UNIQUE INDEX ON products (sku)', ['INV-17']],
  ['the application may delete events', 'GRANT DELETE ON events TO quartermaster_runtime', ['STK-1.ledgers']],
  ['the application may change a movement', 'GRANT UPDATE (note) ON stock_movements TO quartermaster_runtime', ['STK-1.ledgers']],
  ['the ledger has lost its trigger', 'ALTER TABLE stock_movements DISABLE TRIGGER stock_movements_insert_only', ['STK-1.ledgers']],
];

/** Ids of the rows below: `key('order')` is always the same UUID. */
const NAMES = [
  'organization',
  'user',
  'store',
  'unit',
  'tax',
  'category',
  'child',
  'product',
  'other-product',
  'customer',
  'order',
  'line',
  'reservation',
  'sold',
  'sold-line',
  'shipment',
  'shipment-line',
  'payment',
  'return',
  'return-line',
  'refund',
  'receipt',
  'damage',
  'shipped',
  'invitation',
] as const;
export const key = (name: (typeof NAMES)[number]): string => `0190a000-0000-7000-8000-${String(NAMES.indexOf(name) + 1).padStart(12, '0')}`;

const organization = key('organization');
let events = 0;
const event = (
  aggregate: string,
  id: string,
  version: number | null,
  type: string,
  change: { before?: object; after?: object; payload?: object } = {},
) =>
  `('${organization}', '0190a000-0000-7000-9000-${String(++events).padStart(12, '0')}', '${type}', '${aggregate}', '${id}', ${version},
    '${JSON.stringify(change.payload ?? {})}', ${change.before ? `'${JSON.stringify(change.before)}'` : 'NULL'}, ${change.after ? `'${JSON.stringify(change.after)}'` : 'NULL'}, 'system', now())`;

/** A small company in which every invariant has something to look at: one open order, and one that was shipped, paid and partly returned. */
export const healthyData = (): string => `
  SET app.organization_id = '${organization}'; -- functions that run as the owner are bound by row-level security
  INSERT INTO organizations (id, name, currency, time_zone) VALUES ('${organization}', 'Acme', 'EUR', 'Europe/Berlin');
  INSERT INTO users (id, email, name, password_hash) VALUES ('${key('user')}', 'ann@example.com', 'Ann', '-');
  INSERT INTO memberships (organization_id, user_id, role) VALUES ('${organization}', '${key('user')}', 'admin');
  INSERT INTO stores (organization_id, id, code, name, currency) VALUES ('${organization}', '${key('store')}', 'MAIN', 'Main', 'EUR');
  INSERT INTO units (organization_id, id, code, name, category, factor) VALUES ('${organization}', '${key('unit')}', 'pcs', 'Piece', 'count', 1);
  INSERT INTO tax_rates (organization_id, id, name, rate) VALUES ('${organization}', '${key('tax')}', 'VAT', 20);
  INSERT INTO categories (organization_id, id, code, name, parent_id, level, path) VALUES
    ('${organization}', '${key('category')}', 'home', 'Home', NULL, 1, '${key('category')}/'),
    ('${organization}', '${key('child')}', 'lamps', 'Lamps', '${key('category')}', 2, '${key('category')}/${key('child')}/');
  INSERT INTO products (organization_id, id, sku, name, unit_id, price, currency, status, barcode) VALUES
    ('${organization}', '${key('product')}', 'LAMP', 'Lamp', '${key('unit')}', 10, 'EUR', 'published', '4006381333931'),
    ('${organization}', '${key('other-product')}', 'SHADE', 'Shade', '${key('unit')}', 5, 'EUR', 'published', NULL);
  INSERT INTO customers (organization_id, id, name, email) VALUES ('${organization}', '${key('customer')}', 'Bob', 'bob@example.com');
  INSERT INTO invitations (organization_id, id, email, role, limited_to_stores, store_ids, customer_id, token_hash, expires_at) VALUES
    ('${organization}', '${key('invitation')}', 'bob@example.com', 'customer', true, '{${key('store')}}', '${key('customer')}', '\\x00', now() + interval '1 day');

  INSERT INTO stock_levels (organization_id, product_id, store_id) VALUES ('${organization}', '${key('product')}', '${key('store')}');
  INSERT INTO stock_movements (organization_id, id, product_id, store_id, kind, quantity, unit_cost, reason, occurred_at) VALUES
    ('${organization}', '${key('receipt')}', '${key('product')}', '${key('store')}', 'receipt', 100, 4, NULL, now());
  INSERT INTO stock_movements (organization_id, id, product_id, store_id, kind, quantity, unit_cost, reason, occurred_at) VALUES
    ('${organization}', '${key('damage')}', '${key('product')}', '${key('store')}', 'adjustment', -10, 0, 'damaged', now());
  INSERT INTO stock_movements (organization_id, id, product_id, store_id, kind, quantity, unit_cost, reason, occurred_at) VALUES
    ('${organization}', '${key('shipped')}', '${key('product')}', '${key('store')}', 'shipment', -2, 0, NULL, now());

  INSERT INTO orders (organization_id, id, number, status, store_id, customer_id, currency, subtotal, tax_total, total, ordered_at) VALUES
    ('${organization}', '${key('order')}', 'SO-1', 'pending', '${key('store')}', '${key('customer')}', 'EUR', 30, 6, 36, now());
  INSERT INTO order_lines (organization_id, id, order_id, line_number, product_id, sku, name, quantity, entered_quantity, unit, unit_price, gross, tax_rate, tax_amount, total) VALUES
    ('${organization}', '${key('line')}', '${key('order')}', 1, '${key('product')}', 'LAMP', 'Lamp', 3, 3, 'pcs', 10, 30, 20, 6, 36);
  INSERT INTO stock_reservations (organization_id, id, product_id, store_id, order_id, order_line_id, quantity, open_quantity) VALUES
    ('${organization}', '${key('reservation')}', '${key('product')}', '${key('store')}', '${key('order')}', '${key('line')}', 3, 3);
  UPDATE stock_levels SET reserved = 3;

  INSERT INTO orders (organization_id, id, number, status, fulfilment_status, payment_status, store_id, currency, subtotal, shipping_amount, tax_total, total,
    returned_amount, returned_tax, paid_amount, refunded_amount, return_refunded_amount, ordered_at, version) VALUES
    ('${organization}', '${key('sold')}', 'SO-2', 'delivered', 'partially_returned', 'partially_refunded', '${key('store')}', 'EUR', 20, 5, 4, 29, 12, 2, 29, 12, 12, now(), 3);
  INSERT INTO order_lines (organization_id, id, order_id, line_number, product_id, sku, name, quantity, entered_quantity, unit, unit_price, gross, tax_rate, tax_amount, total,
    shipped_quantity, returned_quantity) VALUES
    ('${organization}', '${key('sold-line')}', '${key('sold')}', 1, '${key('product')}', 'LAMP', 'Lamp', 2, 2, 'pcs', 10, 20, 20, 4, 24, 2, 1);
  INSERT INTO shipments (organization_id, id, order_id, store_id, shipped_at) VALUES ('${organization}', '${key('shipment')}', '${key('sold')}', '${key('store')}', now());
  INSERT INTO shipment_lines (organization_id, id, shipment_id, order_line_id, quantity) VALUES
    ('${organization}', '${key('shipment-line')}', '${key('shipment')}', '${key('sold-line')}', 2);
  INSERT INTO payments (organization_id, id, order_id, currency, amount, refunded_amount, method, status, paid_at) VALUES
    ('${organization}', '${key('payment')}', '${key('sold')}', 'EUR', 29, 12, 'card', 'partially_refunded', now());
  INSERT INTO returns (organization_id, id, number, order_id, store_id, currency, tax_total, total, returned_at) VALUES
    ('${organization}', '${key('return')}', 'RT-1', '${key('sold')}', '${key('store')}', 'EUR', 2, 12, now());
  INSERT INTO return_lines (organization_id, id, return_id, line_number, order_line_id, product_id, sku, name, quantity, unit_price, tax_amount, total, disposition) VALUES
    ('${organization}', '${key('return-line')}', '${key('return')}', 1, '${key('sold-line')}', '${key('product')}', 'LAMP', 'Lamp', 1, 10, 2, 12, 'scrap');
  INSERT INTO refunds (organization_id, id, payment_id, order_id, return_id, currency, amount, tax_amount, method, status, refunded_at) VALUES
    ('${organization}', '${key('refund')}', '${key('payment')}', '${key('sold')}', '${key('return')}', 'EUR', 12, 2, 'card', 'succeeded', now());

  INSERT INTO events (organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, payload, before, after, actor_kind, occurred_at) VALUES
    ${[
      event('organization', organization, 1, 'organization.created'),
      event('store', key('store'), 1, 'store.created'),
      event('unit', key('unit'), 1, 'unit.created'),
      event('tax_rate', key('tax'), 1, 'tax_rate.created'),
      event('category', key('category'), 1, 'category.created'),
      event('category', key('child'), 1, 'category.created'),
      event('product', key('product'), 1, 'product.created'),
      event('product', key('other-product'), 1, 'product.created'),
      event('customer', key('customer'), 1, 'customer.created'),
      event('stock_level', key('product'), null, 'stock.adjusted', { payload: { movementId: key('damage'), quantity: '-10' } }),
      event('order', key('order'), 1, 'order.placed', { after: { status: 'pending' } }),
      event('order', key('sold'), 1, 'order.placed', { after: { status: 'pending' } }),
      event('order', key('sold'), 2, 'order.shipped', {
        before: { status: 'pending' },
        after: { status: 'shipped' },
        payload: { path: ['confirmed', 'shipped'] },
      }),
      event('order', key('sold'), 3, 'order.delivered', { before: { status: 'shipped' }, after: { status: 'delivered' } }),
    ].join(',\n    ')};
  INSERT INTO idempotency_keys (organization_id, principal, key, fingerprint, status, body) VALUES
    ('${organization}', '${key('user')}', 'first', '\\x00', 201, '${JSON.stringify({ id: key('order'), number: 'SO-1' })}'),
    ('${organization}', '${key('user')}', 'second', '\\x00', 201, '${JSON.stringify({ level: {}, movement: {} })}');
`;

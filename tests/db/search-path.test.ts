import type { Client } from 'pg';
import { healthyData, key } from '../integrity/healthy-data';
import { connectTo, freshDatabase, type TestDatabase } from '../support/database';

const organization = `'${key('organization')}'`;
/** A row of a table once more, each copy with another id. */
const again = (table: string, name: Parameters<typeof key>[0], changes = '{}'): string =>
  `INSERT INTO public.${table} SELECT (jsonb_populate_record(t, jsonb_build_object('id', pg_catalog.gen_random_uuid()) || '${changes}')).* FROM public.${table} t WHERE id = '${key(name)}'`;
const update = (table: string, column: string): string => `UPDATE public.${table} SET ${column} = ${column}`;

/** Every function of ours, and a statement that runs it. Those that refuse something say so with an error of their own. */
const RUN_BY: Readonly<Record<string, string>> = {
  'assert_sound(text,text)': 'UPDATE public.stock_levels SET reserved = -1',
  'is_sound(stock_levels)': update('stock_levels', 'reserved'),
  'is_sound(stock_reservations)': update('stock_reservations', 'open_quantity'),
  'is_sound(orders)': update('orders', 'notes'),
  'is_sound(order_lines)': update('order_lines', 'name'),
  'users_touch_sessions()': `UPDATE public.users SET password_version = password_version + 1`,
  'users_end_challenges()': `UPDATE public.users SET password_version = password_version + 1`,
  'memberships_touch_sessions()': update('memberships', 'role'),
  'membership_stores_touch_sessions()': `INSERT INTO public.membership_stores VALUES (${organization}, '${key('user')}', '${key('store')}')`,
  'memberships_keep_admin()': `UPDATE public.memberships SET disabled_at = now()`,
  'assert_session(uuid,integer)': `SELECT public.assert_session('${key('user')}', 1)`,
  'currency_minor_units(text)': `SELECT public.currency_minor_units('EUR')`,
  'money_text(numeric,text)': `SELECT public.money_text(1, 'EUR')`,
  'price_text(numeric,text)': `SELECT public.price_text(1, 'EUR')`,
  'quantity_text(numeric)': 'SELECT public.quantity_text(1)',
  'instant_text(timestamp with time zone)': 'SELECT public.instant_text(now())',
  'stock_movements_apply()': again('stock_movements', 'receipt'),
  'refuse_change()': 'DELETE FROM public.stock_movements',
  'products_guard_stock()': 'UPDATE public.products SET allows_backorder = true',
  'stock_levels_copy_backorder()': `INSERT INTO public.stock_levels VALUES (${organization}, '${key('other-product')}', '${key('store')}')`,
  'stock_reservations_give_back()': 'UPDATE public.stock_reservations SET open_quantity = 1',
  'stock_levels_guard_reserved()': 'UPDATE public.stock_levels SET reserved = 0',
  'stock_reservations_guard_delete()': 'DELETE FROM public.stock_reservations',
  'stock_levels_guard_delete()': 'DELETE FROM public.stock_levels',
  'order_lines_guard_frozen()': `UPDATE public.order_lines SET unit_price = 9 WHERE id = '${key('sold-line')}'`,
  'assert_totals_add_up()': `UPDATE public.orders SET subtotal = 31, total = 37 WHERE id = '${key('order')}'`,
  'forget_what_adds_up()': update('order_lines', 'total'),
  'assert_nothing_held()': `UPDATE public.orders SET status = 'cancelled' WHERE id = '${key('order')}'`,
  'assert_quantities_add_up()': `UPDATE public.order_lines SET shipped_quantity = 1 WHERE id = '${key('line')}'`,
  'assert_imported_order()': again('payments', 'payment', '{"imported": true}'),
  'products_learn_words()': `UPDATE public.products SET name = 'Chandelier'`,
  'search_fold(text)': `SELECT public.search_fold('Ä')`,
  'product_words(text,text,text,text)': `UPDATE public.products SET description = 'a thing that gives light'`,
  'search_products(uuid,text)': `SELECT FROM public.search_products(${organization}, 'lmap')`,
  'orders_guard_status()': `UPDATE public.orders SET status = 'confirmed' WHERE id = '${key('order')}'`,
  'orders_guard_delete()': 'DELETE FROM public.orders',
  'orders_keep_payer()': `UPDATE public.orders SET customer_id = '${key('customer')}'`,
  'refuse_incomplete_taking()': 'SELECT public.refuse_incomplete_taking()',
  'events_seal_once()': 'DELETE FROM public.events',
  'gather_first_statistics()': 'SELECT public.gather_first_statistics()',
  'assert_money_adds_up()': again('refunds', 'refund'),
  'take_numbers(uuid,text,integer)': `SELECT public.take_numbers(${organization}, 'order', 1)`,
  'guard_customer_credit(uuid,uuid)': `SELECT public.guard_customer_credit(${organization}, '${key('customer')}')`,
};

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await freshDatabase();
  client = await connectTo(database.superuserUrl);
  await client.query(healthyData());
  // A credit limit to be guarded.
  await client.query('UPDATE customers SET credit_limit = 1');
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

it('every function there is is tried', async () => {
  const { rows } = await client.query<{ name: string }>(`
    SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')`);
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(RUN_BY).sort());
});

/** As pg_restore, logical replication and maintenance do it. Classes 42 and 3F: something was not found. */
it.each(Object.entries(RUN_BY))('with an empty search_path, %s finds what it needs', async (_, statement) => {
  await client.query('BEGIN');
  await client.query(`SET LOCAL search_path = ''`);
  const failure = await client.query(`${statement}; SET CONSTRAINTS ALL IMMEDIATE`).then(
    () => undefined,
    (error: { code?: string; message: string }) => error,
  );
  await client.query('ROLLBACK');
  expect(failure?.code === undefined || !/^(42|3F)/.test(failure.code) ? undefined : failure.message).toBeUndefined();
});

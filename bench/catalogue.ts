import type { Client } from 'pg';

export interface Catalogue {
  readonly productIds: readonly string[];
  readonly customerIds: readonly string[];
}

/**
 * Fills an organization as limits-schema.sql fills its shop: a tree of 20 categories, 10,000 products with 1,000,000 of each in stock, 1,000
 * customers; and a tax-free default. Every row has its event and all stock comes by movements, so that the invariants hold. Needs a superuser.
 */
export async function fillCatalogue(client: Client, organizationId: string): Promise<Catalogue> {
  await client.query(`SELECT set_config('app.organization_id', $1, false)`, [organizationId]);
  for (const statement of STATEMENTS) await client.query(statement, [organizationId]);
  // Only what has rows: of an empty table it would be on record that it is empty, and plans made on that record stay for a while.
  await client.query(`VACUUM ANALYZE ${FILLED.join(', ')}`);
  const ids = async (table: string): Promise<string[]> =>
    (await client.query<{ id: string }>(`SELECT id FROM ${table} WHERE organization_id = $1 ORDER BY id`, [organizationId])).rows.map(
      ({ id }) => id,
    );
  return { productIds: await ids('products'), customerIds: await ids('customers') };
}

const FILLED = ['tax_rates', 'categories', 'products', 'stock_levels', 'stock_movements', 'customers', 'events'];

const made = (table: string, type: string, after: string): string => `
  INSERT INTO events (organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, after, actor_kind, occurred_at)
  SELECT $1, uuidv7(), '${type}.created', '${type}', id, 1, ${after}, 'system', now() FROM ${table}
  WHERE organization_id = $1 AND NOT EXISTS (SELECT FROM events e WHERE e.organization_id = $1 AND e.aggregate_id = ${table}.id)`;

const STATEMENTS = [
  `INSERT INTO tax_rates (organization_id, id, name, rate, is_default) VALUES ($1, uuidv7(), 'No tax', 0, true)`,
  made('tax_rates', 'tax_rate', `jsonb_build_object('name', name)`),

  // Four roots with four below each.
  `INSERT INTO categories (organization_id, id, code, name, level, path)
   SELECT $1, id, 'C' || g, 'Category ' || g, 1, id || '/' FROM (SELECT g, uuidv7() AS id FROM generate_series(1, 4) g) roots`,
  `INSERT INTO categories (organization_id, id, code, name, parent_id, level, path)
   SELECT $1, below.id, 'C' || g, 'Category ' || g, root.id, 2, root.path || below.id || '/'
   FROM (SELECT g, uuidv7() AS id FROM generate_series(5, 20) g) below
   JOIN categories root ON root.organization_id = $1 AND root.code = 'C' || (1 + g % 4)`,
  made('categories', 'category', `jsonb_build_object('name', name)`),

  `INSERT INTO products (organization_id, id, sku, name, description, category_id, unit_id, price, cost, currency, status)
   SELECT $1, uuidv7(), 'SKU-' || g, 'Product ' || g, 'Description of product ' || g || ', a thing that can be ordered and stocked.', c.id, u.id,
     5 + g % 100, 2, o.currency, 'published'
   FROM generate_series(1, 10000) g
   JOIN organizations o ON o.id = $1
   JOIN categories c ON c.organization_id = $1 AND c.code = 'C' || (1 + g % 20)
   CROSS JOIN LATERAL (SELECT id FROM units WHERE organization_id = $1 ORDER BY created_at, id LIMIT 1) u`,
  made('products', 'product', `jsonb_build_object('sku', sku, 'name', name)`),

  `INSERT INTO stock_movements (organization_id, id, product_id, store_id, kind, quantity, unit_cost, reason, occurred_at)
   SELECT $1, uuidv7(), p.id, s.id, 'receipt', 1000000, 2, 'opening stock', now()
   FROM products p CROSS JOIN LATERAL (SELECT id FROM stores WHERE organization_id = $1 ORDER BY created_at, id LIMIT 1) s
   WHERE p.organization_id = $1`,

  `INSERT INTO customers (organization_id, id, name, email)
   SELECT $1, uuidv7(), 'Customer ' || g, 'c' || g || '@bench.test' FROM generate_series(1, 1000) g`,
  made('customers', 'customer', `'{}'::jsonb`),
];

/** Rows as the owner of the tables sees them, and makes them: what modules leave behind that this application was started without. */
import { newId } from '../../src/kernel/ids';
import type { IdentityApp } from './identity-app';

/** What happened to a thing, in the order of its versions. */
export const changesOf = (app: IdentityApp, aggregateId: string) =>
  app.asOwner<{ type: string; before: unknown; after: unknown }>(
    'SELECT type, before, after FROM events WHERE aggregate_id = $1 ORDER BY aggregate_version',
    [aggregateId],
  );

export const insertProduct = async (app: IdentityApp, organizationId: string): Promise<string> => {
  const id = newId();
  await app.asOwner(
    `INSERT INTO products (organization_id, id, sku, name, unit_id, price, currency, status)
     SELECT $1, $2::uuid, $2::uuid::text, 'Lamp', u.id, 5, 'USD', 'published' FROM units u WHERE u.organization_id = $1`,
    [organizationId, id],
  );
  await insertEvent(app, organizationId, 'product', id);
  return id;
};
export const insertCategory = async (app: IdentityApp, organizationId: string): Promise<string> => {
  const id = newId();
  await app.asOwner(
    `INSERT INTO categories (organization_id, id, code, name, path) VALUES ($1, $2::uuid, $2::uuid::text, 'Lamps', $2::uuid::text || '/')`,
    [organizationId, id],
  );
  await insertEvent(app, organizationId, 'category', id);
  return id;
};
const insertEvent = (app: IdentityApp, organizationId: string, aggregate: string, id: string, after: object = {}) =>
  app.asOwner(
    `INSERT INTO events (organization_id, id, type, aggregate_type, aggregate_id, aggregate_version, after, actor_kind, occurred_at)
     VALUES ($1, $2, $3::text || '.created', $3::text, $4, 1, $5, 'system', now())`,
    [organizationId, newId(), aggregate, id, after],
  );
export const insertDraft = async (app: IdentityApp, organizationId: string, storeId: string, taxRateId: string | null): Promise<void> => {
  const orderId = newId();
  const productId = await insertProduct(app, organizationId);
  await app.asOwner(
    `INSERT INTO orders (organization_id, id, store_id, status, payment_status, currency, subtotal, total) VALUES ($1, $2, $3, 'draft', 'paid', 'USD', 0, 0)`,
    [organizationId, orderId, storeId],
  );
  await app.asOwner(
    `INSERT INTO order_lines (organization_id, id, order_id, line_number, product_id, sku, name, quantity, entered_quantity, unit, unit_price, gross, total, tax_rate_id)
     VALUES ($1, $2, $3, 1, $4, 'L', 'Lamp', 1, 1, 'pcs', 0, 0, 0, $5)`,
    [organizationId, newId(), orderId, productId, taxRateId],
  );
  await insertEvent(app, organizationId, 'order', orderId, { status: 'draft' });
};

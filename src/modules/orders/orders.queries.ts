import { inAllowedStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type KeyType, type PageWanted } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { requireStore } from '../../kernel/store-access';
import type { FulfilmentStatus, OrderStatus, PaymentStatus } from './domain/order-status';
import { OrderNotFound } from './orders.errors';

export interface OrdersWanted extends PageWanted {
  readonly sortBy: 'orderedAt' | 'number' | 'total';
  readonly status?: readonly OrderStatus[] | undefined;
  readonly paymentStatus?: readonly PaymentStatus[] | undefined;
  readonly fulfilmentStatus?: readonly FulfilmentStatus[] | undefined;
  readonly customerId?: string | undefined;
  readonly storeId?: string | undefined;
  /** Ordered at this moment or later; drafts count by when they were made. */
  readonly from?: Date | undefined;
  /** Ordered before this moment. */
  readonly to?: Date | undefined;
  /** Part of number, external reference or buyer's name, without regard to case. */
  readonly q?: string | undefined;
  readonly minTotal?: string | undefined;
  readonly maxTotal?: string | undefined;
}

/** A draft's ordered_at says when it was made, so that it has a place in the list; drafts have no number, and sort before all that have. */
const SORTS: Readonly<Record<OrdersWanted['sortBy'], { readonly key: Prisma.Sql; readonly keyType: KeyType }>> = {
  orderedAt: { key: Prisma.sql`f.ordered_at`, keyType: 'instant' },
  number: { key: Prisma.sql`coalesce(f.number, '')`, keyType: 'text' },
  total: { key: Prisma.sql`f.total`, keyType: 'decimal' },
};

const money = (amount: Prisma.Sql): Prisma.Sql => Prisma.sql`money_text(${amount}, p.currency)`;

/** Of an order `p`, its `store` and its `customer`, which may be missing. */
const summaryView = (): Prisma.Sql => Prisma.sql`(SELECT row_to_json(summary) FROM (
  SELECT p.id, p.number, p.external_reference AS "externalReference", p.status, p.payment_status AS "paymentStatus", p.fulfilment_status AS "fulfilmentStatus",
    CASE WHEN customer.id IS NOT NULL THEN (SELECT row_to_json(c) FROM (SELECT customer.id, customer.name) c) END AS customer, coalesce(customer.name, p.guest_name) AS "customerName",
    (SELECT row_to_json(s) FROM (SELECT store.id, store.code, store.name) s) AS store, p.currency,
    ${money(Prisma.sql`p.subtotal`)} AS subtotal, ${money(Prisma.sql`p.discount_total`)} AS "discountTotal", ${money(Prisma.sql`p.shipping_amount`)} AS "shippingAmount",
    ${money(Prisma.sql`p.tax_total`)} AS "taxTotal", ${money(Prisma.sql`p.total`)} AS total, ${money(Prisma.sql`p.paid_amount`)} AS "paidAmount",
    ${money(Prisma.sql`p.refunded_amount`)} AS "refundedAmount", ${money(Prisma.sql`p.total - p.paid_amount`)} AS balance,
    CASE WHEN p.status <> 'draft' THEN instant_text(p.ordered_at) END AS "orderedAt", p.due_date AS "dueDate", p.version,
    instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt",
    (SELECT count(*) FROM order_lines l WHERE l.organization_id = ${currentOrganizationId()}::uuid AND l.order_id = p.id) AS "itemCount") summary)`;

/** Read models of orders, one statement each; PostgreSQL builds the JSON. */
export class OrdersQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  /** @throws StoreForbidden */
  list({ sortBy, ...wanted }: OrdersWanted): Promise<JsonPage> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    return readJsonPage(
      this.lane,
      {
        from: Prisma.sql`orders f`,
        id: Prisma.sql`f.id`,
        ...SORTS[sortBy],
        where: [Prisma.sql`f.organization_id = ${organization}`, inAllowedStores(Prisma.sql`f.store_id`), ...filters(wanted)],
        columns: Prisma.sql`f.*`,
        view: summaryView(),
        joins: Prisma.sql`
          JOIN stores store ON store.organization_id = ${organization} AND store.id = p.store_id
          LEFT JOIN customers customer ON customer.organization_id = ${organization} AND customer.id = p.customer_id`,
      },
      wanted,
    );
  }

  /** `{ data: [...] }`, the oldest first. @throws OrderNotFound, StoreForbidden */
  shipments(orderId: string): Promise<string> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    return this.partsOf(
      orderId,
      Prisma.sql`
        SELECT json_agg(json_build_object('id', s.id, 'orderId', s.order_id, 'storeId', s.store_id, 'carrier', s.carrier, 'trackingNumber', s.tracking_number,
          'shippedAt', instant_text(s.shipped_at), 'items', (
            SELECT json_agg(json_build_object('itemId', l.id, 'productId', l.product_id, 'sku', l.sku, 'quantity', quantity_text(sl.quantity)) ORDER BY l.line_number)
            FROM shipment_lines sl JOIN order_lines l ON l.organization_id = ${organization} AND l.id = sl.order_line_id
            WHERE sl.organization_id = ${organization} AND sl.shipment_id = s.id)) ORDER BY s.id)
        FROM shipments s WHERE s.organization_id = ${organization} AND s.order_id = o.id`,
    );
  }

  /** Who did what, the oldest first, from the event log: `{ data: [...] }`. @throws OrderNotFound, StoreForbidden */
  history(orderId: string): Promise<string> {
    return this.partsOf(
      orderId,
      Prisma.sql`
        SELECT json_agg(json_build_object('id', e.id, 'type', e.type, 'version', e.aggregate_version,
          'actor', json_build_object('kind', e.actor_kind, 'id', e.actor_id, 'name', u.name),
          'payload', e.payload, 'before', e.before, 'after', e.after, 'occurredAt', instant_text(e.occurred_at)) ORDER BY e.aggregate_version)
        FROM events e LEFT JOIN users u ON u.id = e.actor_id
        WHERE e.organization_id = ${currentOrganizationId()}::uuid AND e.aggregate_id = o.id`,
    );
  }

  private async partsOf(orderId: string, parts: Prisma.Sql): Promise<string> {
    const text = await this.lane.text(Prisma.sql`
      SELECT o.store_id || E'\\n' || json_build_object('data', coalesce((${parts}), '[]'::json))::text
      FROM orders o WHERE o.organization_id = ${currentOrganizationId()}::uuid AND o.id = ${orderId}::uuid`);
    if (text === null) throw new OrderNotFound(`There is no order ${orderId}`);
    const end = text.indexOf('\n');
    requireStore(text.slice(0, end));
    return text.slice(end + 1);
  }
}

function filters(wanted: Omit<OrdersWanted, 'sortBy'>): Prisma.Sql[] {
  const where: Prisma.Sql[] = [];
  if (wanted.status !== undefined) where.push(Prisma.sql`f.status = ANY (${wanted.status}::text[])`);
  if (wanted.paymentStatus !== undefined) where.push(Prisma.sql`f.payment_status = ANY (${wanted.paymentStatus}::text[])`);
  if (wanted.fulfilmentStatus !== undefined) where.push(Prisma.sql`f.fulfilment_status = ANY (${wanted.fulfilmentStatus}::text[])`);
  if (wanted.customerId !== undefined) where.push(Prisma.sql`f.customer_id = ${wanted.customerId}::uuid`);
  if (wanted.storeId !== undefined) {
    requireStore(wanted.storeId);
    where.push(Prisma.sql`f.store_id = ${wanted.storeId}::uuid`);
  }
  if (wanted.from !== undefined) where.push(Prisma.sql`f.ordered_at >= ${wanted.from}::timestamptz`);
  if (wanted.to !== undefined) where.push(Prisma.sql`f.ordered_at < ${wanted.to}::timestamptz`);
  if (wanted.minTotal !== undefined) where.push(Prisma.sql`f.total >= ${wanted.minTotal}::numeric`);
  if (wanted.maxTotal !== undefined) where.push(Prisma.sql`f.total <= ${wanted.maxTotal}::numeric`);
  if (wanted.q !== undefined) where.push(mentions(wanted.q));
  return where;
}

const mentions = (
  q: string,
): Prisma.Sql => Prisma.sql`(strpos(lower(f.number), lower(${q})) > 0 OR strpos(lower(f.external_reference), lower(${q})) > 0
  OR strpos(lower(f.guest_name), lower(${q})) > 0 OR f.customer_id IN (
    SELECT c.id FROM customers c WHERE c.organization_id = ${currentOrganizationId()}::uuid AND strpos(lower(c.name), lower(${q})) > 0))`;

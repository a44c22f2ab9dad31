import type { HotLane } from '../../db/hot-lane';
import { type JsonPage, type ListSource, type PageWanted, readJsonPage, type Sorts } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { isCustomer, onlyCustomer } from '../../kernel/own-orders';
import { requireStore } from '../../kernel/store-access';
import { OrderNotFound } from './orders.errors';

export const SHIPMENT_SORTS: Sorts<'shippedAt'> = { shippedAt: { key: Prisma.sql`f.shipped_at`, kind: 'instant' } };
export const HISTORY_SORTS: Sorts<'version'> = { version: { key: Prisma.sql`f.aggregate_version::numeric`, kind: 'decimal' } };
export const PAYMENT_SORTS: Sorts<'paidAt'> = { paidAt: { key: Prisma.sql`f.paid_at`, kind: 'instant' } };
export const REFUND_SORTS: Sorts<'refundedAt'> = { refundedAt: { key: Prisma.sql`f.refunded_at`, kind: 'instant' } };
export const RETURN_SORTS: Sorts<'returnedAt'> = { returnedAt: { key: Prisma.sql`f.returned_at`, kind: 'instant' } };

type DocumentSource = Pick<ListSource, 'from' | 'sort' | 'view' | 'joins'> & { readonly of: Prisma.Sql };

/**
 * What hangs on one order, page by page; PostgreSQL builds the JSON.
 * @throws OrderNotFound, StoreForbidden
 */
export class OrderDocumentsQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

  shipments(orderId: string, wanted: PageWanted): Promise<JsonPage> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    return this.page(orderId, wanted, {
      from: Prisma.sql`shipments f`,
      of: Prisma.sql`f.order_id`,
      sort: SHIPMENT_SORTS.shippedAt,
      view: Prisma.sql`(SELECT row_to_json(shipment) FROM (
        SELECT p.id, p.order_id AS "orderId", p.store_id AS "storeId", p.carrier, p.tracking_number AS "trackingNumber", instant_text(p.shipped_at) AS "shippedAt", (
          SELECT coalesce(json_agg(json_build_object('itemId', l.id, 'productId', l.product_id, 'sku', l.sku, 'quantity', quantity_text(sl.quantity)) ORDER BY l.line_number), '[]')
          FROM shipment_lines sl JOIN order_lines l ON l.organization_id = ${organization} AND l.id = sl.order_line_id
          WHERE sl.organization_id = ${organization} AND sl.shipment_id = p.id) AS items) shipment)`,
    });
  }

  /** Who did what, from the event log. Customers don't learn the names of the people who serve them. */
  history(orderId: string, wanted: PageWanted): Promise<JsonPage> {
    return this.page(orderId, wanted, {
      from: Prisma.sql`events f`,
      of: Prisma.sql`f.aggregate_id`,
      sort: HISTORY_SORTS.version,
      view: Prisma.sql`(SELECT row_to_json(entry) FROM (
        SELECT p.id, p.type, p.aggregate_version AS version,
          json_build_object('kind', p.actor_kind, 'id', p.actor_id, 'name', CASE WHEN ${isCustomer()} THEN NULL ELSE u.name END) AS actor,
          p.payload, p.before, p.after, instant_text(p.occurred_at) AS "occurredAt") entry)`,
      joins: Prisma.sql`LEFT JOIN users u ON u.id = p.actor_id`,
    });
  }

  payments(orderId: string, wanted: PageWanted): Promise<JsonPage> {
    return this.page(orderId, wanted, {
      from: Prisma.sql`payments f`,
      of: Prisma.sql`f.order_id`,
      sort: PAYMENT_SORTS.paidAt,
      view: Prisma.sql`(SELECT row_to_json(payment) FROM (
        SELECT p.id, p.order_id AS "orderId", p.customer_id AS "customerId", p.currency, money_text(p.amount, p.currency) AS amount,
          money_text(p.refunded_amount, p.currency) AS "refundedAmount", p.method, p.status, p.reference, instant_text(p.paid_at) AS "paidAt") payment)`,
    });
  }

  refunds(orderId: string, wanted: PageWanted): Promise<JsonPage> {
    return this.page(orderId, wanted, {
      from: Prisma.sql`refunds f`,
      of: Prisma.sql`f.order_id`,
      sort: REFUND_SORTS.refundedAt,
      view: Prisma.sql`(SELECT row_to_json(refund) FROM (
        SELECT p.id, p.order_id AS "orderId", p.payment_id AS "paymentId", p.return_id AS "returnId", p.currency, money_text(p.amount, p.currency) AS amount,
          money_text(p.tax_amount, p.currency) AS "taxAmount", p.method, p.status, p.reason, instant_text(p.refunded_at) AS "refundedAt") refund)`,
    });
  }

  returns(orderId: string, wanted: PageWanted): Promise<JsonPage> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    return this.page(orderId, wanted, {
      from: Prisma.sql`returns f`,
      of: Prisma.sql`f.order_id`,
      sort: RETURN_SORTS.returnedAt,
      view: Prisma.sql`(SELECT row_to_json(made) FROM (
        SELECT p.id, p.number, p.order_id AS "orderId", p.store_id AS "storeId", p.currency, p.reason, money_text(p.total, p.currency) AS total,
          money_text(p.tax_total, p.currency) AS "taxTotal", (
            SELECT money_text(coalesce(sum(r.amount), 0), p.currency) FROM refunds r
            WHERE r.organization_id = ${organization} AND r.order_id = p.order_id AND r.return_id = p.id AND r.status = 'succeeded') AS "refundedAmount",
          instant_text(p.returned_at) AS "returnedAt", (
            SELECT coalesce(json_agg(json_build_object('itemId', l.order_line_id, 'productId', l.product_id, 'sku', l.sku, 'name', l.name, 'quantity', quantity_text(l.quantity),
              'unitPrice', price_text(l.unit_price, p.currency), 'taxAmount', money_text(l.tax_amount, p.currency), 'total', money_text(l.total, p.currency),
              'disposition', l.disposition) ORDER BY l.line_number), '[]')
            FROM return_lines l WHERE l.organization_id = ${organization} AND l.return_id = p.id) AS items) made)`,
    });
  }

  private async page(orderId: string, wanted: PageWanted, { of, ...source }: DocumentSource): Promise<JsonPage> {
    await this.requireOrder(orderId);
    const where = [Prisma.sql`f.organization_id = ${currentOrganizationId()}::uuid`, Prisma.sql`${of} = ${orderId}::uuid`];
    return readJsonPage(this.lane, { ...source, id: Prisma.sql`f.id`, columns: Prisma.sql`f.*`, where }, wanted);
  }

  private async requireOrder(orderId: string): Promise<void> {
    const only = onlyCustomer();
    const own = only === undefined ? Prisma.empty : Prisma.sql`AND customer_id = ${only}::uuid`;
    const storeId = await this.lane.text(Prisma.sql`
      SELECT store_id::text FROM orders WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${orderId}::uuid ${own}`);
    if (storeId === null) throw new OrderNotFound(`There is no order ${orderId}`);
    requireStore(storeId);
  }
}

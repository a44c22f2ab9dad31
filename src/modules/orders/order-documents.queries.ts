import type { HotLane } from '../../db/hot-lane';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { isCustomer, onlyCustomer } from '../../kernel/own-orders';
import { requireStore } from '../../kernel/store-access';
import { OrderNotFound } from './orders.errors';

/**
 * What hangs on one order, each list in one statement as `{ data: [...] }`, the oldest first; PostgreSQL builds the JSON.
 * @throws OrderNotFound, StoreForbidden
 */
export class OrderDocumentsQueries {
  constructor(private readonly lane: Pick<HotLane, 'text'>) {}

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

  /** Who did what, from the event log. Customers don't learn the names of the people who serve them. */
  history(orderId: string): Promise<string> {
    return this.partsOf(
      orderId,
      Prisma.sql`
        SELECT json_agg(json_build_object('id', e.id, 'type', e.type, 'version', e.aggregate_version,
          'actor', json_build_object('kind', e.actor_kind, 'id', e.actor_id, 'name', CASE WHEN ${isCustomer()} THEN NULL ELSE u.name END),
          'payload', e.payload, 'before', e.before, 'after', e.after, 'occurredAt', instant_text(e.occurred_at)) ORDER BY e.aggregate_version)
        FROM events e LEFT JOIN users u ON u.id = e.actor_id
        WHERE e.organization_id = ${currentOrganizationId()}::uuid AND e.aggregate_id = o.id`,
    );
  }

  payments(orderId: string): Promise<string> {
    return this.partsOf(
      orderId,
      Prisma.sql`
        SELECT json_agg(json_build_object('id', p.id, 'orderId', p.order_id, 'customerId', p.customer_id, 'currency', p.currency, 'amount', money_text(p.amount, p.currency),
          'refundedAmount', money_text(p.refunded_amount, p.currency), 'method', p.method, 'status', p.status, 'reference', p.reference, 'paidAt', instant_text(p.paid_at)) ORDER BY p.id)
        FROM payments p WHERE p.organization_id = ${currentOrganizationId()}::uuid AND p.order_id = o.id`,
    );
  }

  refunds(orderId: string): Promise<string> {
    return this.partsOf(
      orderId,
      Prisma.sql`
        SELECT json_agg(json_build_object('id', r.id, 'orderId', r.order_id, 'paymentId', r.payment_id, 'returnId', r.return_id, 'currency', r.currency,
          'amount', money_text(r.amount, r.currency), 'taxAmount', money_text(r.tax_amount, r.currency), 'method', r.method, 'status', r.status, 'reason', r.reason,
          'refundedAt', instant_text(r.refunded_at)) ORDER BY r.id)
        FROM refunds r WHERE r.organization_id = ${currentOrganizationId()}::uuid AND r.order_id = o.id`,
    );
  }

  returns(orderId: string): Promise<string> {
    const organization = Prisma.sql`${currentOrganizationId()}::uuid`;
    return this.partsOf(
      orderId,
      Prisma.sql`
        SELECT json_agg(json_build_object('id', r.id, 'number', r.number, 'orderId', r.order_id, 'storeId', r.store_id, 'currency', r.currency, 'reason', r.reason,
          'total', money_text(r.total, r.currency), 'taxTotal', money_text(r.tax_total, r.currency),
          'refundedAmount', (SELECT money_text(coalesce(sum(f.amount), 0), r.currency) FROM refunds f
            WHERE f.organization_id = ${organization} AND f.order_id = o.id AND f.return_id = r.id AND f.status = 'succeeded'),
          'returnedAt', instant_text(r.returned_at), 'items', (
            SELECT json_agg(json_build_object('itemId', l.order_line_id, 'productId', l.product_id, 'sku', l.sku, 'name', l.name, 'quantity', quantity_text(l.quantity),
              'unitPrice', price_text(l.unit_price, r.currency), 'taxAmount', money_text(l.tax_amount, r.currency), 'total', money_text(l.total, r.currency),
              'disposition', l.disposition) ORDER BY l.line_number)
            FROM return_lines l WHERE l.organization_id = ${organization} AND l.return_id = r.id)) ORDER BY r.id)
        FROM returns r WHERE r.organization_id = ${organization} AND r.order_id = o.id`,
    );
  }

  private async partsOf(orderId: string, parts: Prisma.Sql): Promise<string> {
    const only = onlyCustomer();
    const own = only === undefined ? Prisma.empty : Prisma.sql`AND o.customer_id = ${only}::uuid`;
    const text = await this.lane.text(Prisma.sql`
      SELECT o.store_id || E'\\n' || json_build_object('data', coalesce((${parts}), '[]'::json))::text
      FROM orders o WHERE o.organization_id = ${currentOrganizationId()}::uuid AND o.id = ${orderId}::uuid ${own}`);
    if (text === null) throw new OrderNotFound(`There is no order ${orderId}`);
    const end = text.indexOf('\n');
    requireStore(text.slice(0, end));
    return text.slice(end + 1);
  }
}

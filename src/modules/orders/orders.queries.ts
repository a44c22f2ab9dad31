import { inStores } from '../../db/allowed-stores';
import type { HotLane } from '../../db/hot-lane';
import { readJsonPage, type JsonPage, type PageWanted, type Sorts } from '../../db/json-page';
import { Prisma } from '../../generated/prisma/client';
import { currentOrganizationId } from '../../kernel/context';
import { onlyCustomer } from '../../kernel/own-orders';
import type { FulfilmentStatus, OrderStatus, PaymentStatus } from './domain/order-status';

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
export const ORDER_SORTS: Sorts<OrdersWanted['sortBy']> = {
  orderedAt: { key: Prisma.sql`f.ordered_at`, kind: 'instant' },
  number: { key: Prisma.sql`coalesce(f.number, '')`, kind: 'text' },
  total: { key: Prisma.sql`f.total`, kind: 'decimal' },
};

const money = (amount: Prisma.Sql): Prisma.Sql => Prisma.sql`money_text(${amount}, p.currency)`;

/** Of an order `p`, its `store` and its `customer`, which may be missing. */
const summaryView = (): Prisma.Sql => Prisma.sql`(SELECT row_to_json(summary) FROM (
  SELECT p.id, p.number, p.external_reference AS "externalReference", p.status, p.payment_status AS "paymentStatus", p.fulfilment_status AS "fulfilmentStatus",
    CASE WHEN customer.id IS NOT NULL THEN (SELECT row_to_json(c) FROM (SELECT customer.id, customer.name) c) END AS customer, coalesce(customer.name, p.guest_name) AS "customerName",
    (SELECT row_to_json(s) FROM (SELECT store.id, store.code, store.name) s) AS store, p.currency,
    ${money(Prisma.sql`p.subtotal`)} AS subtotal, ${money(Prisma.sql`p.discount_total`)} AS "discountTotal", ${money(Prisma.sql`p.shipping_amount`)} AS "shippingAmount",
    ${money(Prisma.sql`p.tax_total`)} AS "taxTotal", ${money(Prisma.sql`p.total`)} AS total, ${money(Prisma.sql`p.cancelled_amount`)} AS "cancelledAmount",
    ${money(Prisma.sql`p.returned_amount`)} AS "returnedAmount", ${money(Prisma.sql`p.paid_amount`)} AS "paidAmount", ${money(Prisma.sql`p.refunded_amount`)} AS "refundedAmount",
    ${money(Prisma.sql`p.return_refunded_amount`)} AS "returnRefundedAmount",
    ${money(Prisma.sql`greatest(p.total - p.cancelled_amount - (p.returned_amount - p.return_refunded_amount) - p.paid_amount, 0)`)} AS balance,
    CASE WHEN p.status <> 'draft' THEN instant_text(p.ordered_at) END AS "orderedAt", p.due_date AS "dueDate", p.version,
    instant_text(p.created_at) AS "createdAt", instant_text(p.updated_at) AS "updatedAt",
    (SELECT count(*) FROM order_lines l WHERE l.organization_id = ${currentOrganizationId()}::uuid AND l.order_id = p.id) AS "itemCount") summary)`;

/** The list of orders, in one statement; PostgreSQL builds the JSON. */
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
        sort: ORDER_SORTS[sortBy],
        where: [Prisma.sql`f.organization_id = ${organization}`, inStores(Prisma.sql`f.store_id`, wanted.storeId), ...filters(wanted)],
        columns: Prisma.sql`f.*`,
        view: summaryView(),
        joins: Prisma.sql`
          JOIN stores store ON store.organization_id = ${organization} AND store.id = p.store_id
          LEFT JOIN customers customer ON customer.organization_id = ${organization} AND customer.id = p.customer_id`,
      },
      wanted,
    );
  }
}

function filters(wanted: Omit<OrdersWanted, 'sortBy'>): Prisma.Sql[] {
  const where: Prisma.Sql[] = [];
  if (wanted.status !== undefined) where.push(Prisma.sql`f.status = ANY (${wanted.status}::text[])`);
  if (wanted.paymentStatus !== undefined) where.push(Prisma.sql`f.payment_status = ANY (${wanted.paymentStatus}::text[])`);
  if (wanted.fulfilmentStatus !== undefined) where.push(Prisma.sql`f.fulfilment_status = ANY (${wanted.fulfilmentStatus}::text[])`);
  if (wanted.customerId !== undefined) where.push(Prisma.sql`f.customer_id = ${wanted.customerId}::uuid`);
  const only = onlyCustomer();
  if (only !== undefined) where.push(only === null ? Prisma.sql`false` : Prisma.sql`f.customer_id = ${only}::uuid`);
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

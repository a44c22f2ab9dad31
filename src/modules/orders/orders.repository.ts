import type { HotLane } from '../../db/hot-lane';
import type { UnitOfWork } from '../../db/unit-of-work';
import { Prisma } from '../../generated/prisma/client';
import type { Address } from '../../kernel/address';
import { currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import { onlyCustomer } from '../../kernel/own-orders';
import { requireStore } from '../../kernel/store-access';
import type { Order, OrderLine } from './domain/order';
import type { Credit } from './domain/order-money';
import type { OrderStatus } from './domain/order-status';
import {
  deleteLinesStatement,
  headStatement,
  insertLinesStatement,
  statusStatement,
  updateLinesStatement,
} from './order-statements.repository';
import { OrderNotFound } from './orders.errors';

/** Numerics as text, because JSON numbers would lose digits. */
interface OrderJson {
  id: string;
  number: string | null;
  externalReference: string | null;
  status: Order['status'];
  fulfilmentStatus: Order['fulfilmentStatus'];
  paymentStatus: Order['paymentStatus'];
  store: Order['store'];
  customer: Order['customer'];
  guestName: string | null;
  currency: string;
  discountPercent: string | null;
  discountAmount: string | null;
  subtotal: string;
  discountTotal: string;
  shippingAmount: string;
  taxTotal: string;
  taxIncluded: string;
  total: string;
  cancelledAmount: string;
  cancelledTax: string;
  returnedAmount: string;
  returnedTax: string;
  paidAmount: string;
  refundedAmount: string;
  returnRefundedAmount: string;
  billingAddress: Address | null;
  shippingAddress: Address | null;
  notes: string | null;
  dueDate: string | null;
  orderedAt: string;
  version: number;
  createdAt: string;
  updatedAt: string;
  lines: LineJson[] | null;
}

type LineJson = {
  [K in keyof OrderLine]: OrderLine[K] extends Decimal ? string : OrderLine[K] extends Decimal | null ? string | null : OrderLine[K];
};

/** Orders as a whole: read in one statement, whether in a unit of work or on their own. */
export class OrdersRepository {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly lane: HotLane,
  ) {}

  /** @throws OrderNotFound, StoreForbidden */
  async find(orderId: string): Promise<Order> {
    const text = await this.lane.text(orderStatement(orderId));
    if (text === null) throw new OrderNotFound(`There is no order ${orderId}`);
    const order = toOrder(JSON.parse(text) as OrderJson);
    requireStore(order.store.id);
    const only = onlyCustomer();
    if (only !== undefined && order.customer?.id !== only) throw new OrderNotFound(`There is no order ${orderId}`);
    return order;
  }

  /** The order with its row locked until the end of the unit of work. @throws OrderNotFound, StoreForbidden */
  async lock(orderId: string): Promise<Order> {
    await this.unitOfWork.transaction.$queryRaw`
      SELECT 1 AS locked FROM orders WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${orderId}::uuid FOR NO KEY UPDATE`;
    return this.find(orderId);
  }

  /**
   * Writes the order's own row and the lines that are new or changed. `path` lists the statuses on the way when a move takes several steps: the database knows only single ones.
   * Call it with the order locked, and append one event for the new version.
   */
  async save(before: Order, after: Order, path: readonly OrderStatus[] = []): Promise<void> {
    for (const status of path.slice(0, -1)) await this.tx.$executeRaw(statusStatement(after.id, status));
    await this.tx.$executeRaw(headStatement(after));
    const known = new Map(before.lines.map((line) => [line.id, line]));
    const added = after.lines.filter(({ id }) => !known.has(id));
    const changed = after.lines.filter((line) => known.has(line.id) && known.get(line.id) !== line);
    if (changed.length > 0) await this.tx.$executeRaw(updateLinesStatement(changed));
    if (added.length > 0) await this.tx.$executeRaw(insertLinesStatement(after.id, added));
  }

  /** Lines that `after` no longer has; their reservations must be empty by now, because they go with them. */
  async removeLines(before: Order, after: Order): Promise<void> {
    const kept = new Set(after.lines.map(({ id }) => id));
    const removed = before.lines.filter(({ id }) => !kept.has(id));
    if (removed.length > 0) await this.tx.$executeRaw(deleteLinesStatement(removed));
  }

  /** Whose order it is, without a lock; null for guests and unknown orders. */
  async customerOf(orderId: string): Promise<string | null> {
    const [row] = await this.tx.$queryRaw<Array<{ customer_id: string | null }>>`
      SELECT customer_id::text FROM orders WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${orderId}::uuid`;
    return row?.customer_id ?? null;
  }

  /** ORD-12: locks the customer's row until commit and reads limit and debt; null without a limit, and then nothing is locked. */
  async guardCredit(customerId: string): Promise<Credit | null> {
    const [row] = await this.tx.$queryRaw<CreditRow[]>`
      SELECT credit_limit::text, owed::text, currency FROM guard_customer_credit(${currentOrganizationId()}::uuid, ${customerId}::uuid)`;
    return row === undefined ? null : toCredit(row);
  }

  /** A draft with its lines. */
  async remove(orderId: string): Promise<void> {
    await this.tx.order.deleteMany({ where: { organizationId: currentOrganizationId(), id: orderId } });
  }

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }
}

function orderStatement(orderId: string): Prisma.Sql {
  const organizationId = currentOrganizationId();
  return Prisma.sql`
    SELECT json_build_object(
      'id', o.id, 'number', o.number, 'externalReference', o.external_reference, 'status', o.status, 'fulfilmentStatus', o.fulfilment_status, 'paymentStatus', o.payment_status,
      'store', (SELECT json_build_object('id', s.id, 'code', s.code, 'name', s.name) FROM stores s WHERE s.organization_id = ${organizationId}::uuid AND s.id = o.store_id),
      'customer', (SELECT json_build_object('id', c.id, 'name', c.name) FROM customers c WHERE c.organization_id = ${organizationId}::uuid AND c.id = o.customer_id),
      'guestName', o.guest_name, 'currency', o.currency, 'discountPercent', o.discount_percent::text, 'discountAmount', o.discount_amount::text, 'subtotal', o.subtotal::text,
      'discountTotal', o.discount_total::text, 'shippingAmount', o.shipping_amount::text, 'taxTotal', o.tax_total::text, 'taxIncluded', o.tax_included::text, 'total', o.total::text,
      'cancelledAmount', o.cancelled_amount::text, 'cancelledTax', o.cancelled_tax::text, 'returnedAmount', o.returned_amount::text, 'returnedTax', o.returned_tax::text,
      'paidAmount', o.paid_amount::text, 'refundedAmount', o.refunded_amount::text, 'returnRefundedAmount', o.return_refunded_amount::text, 'billingAddress', o.billing_address, 'shippingAddress', o.shipping_address, 'notes', o.notes,
      'dueDate', o.due_date, 'orderedAt', instant_text(o.ordered_at), 'version', o.version, 'createdAt', instant_text(o.created_at), 'updatedAt', instant_text(o.updated_at),
      'lines', (
        SELECT json_agg(json_build_object(
          'id', l.id, 'lineNumber', l.line_number, 'productId', l.product_id, 'sku', l.sku, 'name', l.name, 'tracksStock', l.tracks_stock, 'quantity', l.quantity::text,
          'enteredQuantity', l.entered_quantity::text, 'unit', l.unit, 'unitFactor', l.unit_factor::text, 'stockUnitFactor', l.stock_unit_factor::text, 'unitIsWhole', l.unit_is_whole,
          'unitPrice', l.unit_price::text, 'priceIsManual', l.price_is_manual,
          'unitCost', l.unit_cost::text, 'gross', l.gross::text, 'discountPercent', l.discount_percent::text, 'discountAmount', l.discount_amount::text,
          'documentDiscount', l.document_discount::text, 'taxRateId', l.tax_rate_id, 'taxRate', l.tax_rate::text, 'taxInclusive', l.tax_inclusive, 'taxAmount', l.tax_amount::text,
          'total', l.total::text, 'shippedQuantity', l.shipped_quantity::text, 'cancelledQuantity', l.cancelled_quantity::text, 'returnedQuantity', l.returned_quantity::text)
          ORDER BY l.line_number)
        FROM order_lines l WHERE l.organization_id = ${organizationId}::uuid AND l.order_id = o.id))::text AS "order"
    FROM orders o WHERE o.organization_id = ${organizationId}::uuid AND o.id = ${orderId}::uuid`;
}

/** What guard_customer_credit() answers; no row without a limit. */
export interface CreditRow {
  credit_limit: string;
  owed: string;
  currency: string;
}

export const toCredit = (row: CreditRow): Credit => ({ limit: decimal(row.credit_limit), owed: decimal(row.owed), currency: row.currency });

const decimal = (text: string): Decimal => new Decimal(text);
const decimalOrNull = (text: string | null): Decimal | null => (text === null ? null : new Decimal(text));

const toOrder = (json: OrderJson): Order => ({
  ...json,
  discountPercent: decimalOrNull(json.discountPercent),
  discountAmount: decimalOrNull(json.discountAmount),
  subtotal: decimal(json.subtotal),
  discountTotal: decimal(json.discountTotal),
  shippingAmount: decimal(json.shippingAmount),
  taxTotal: decimal(json.taxTotal),
  taxIncluded: decimal(json.taxIncluded),
  total: decimal(json.total),
  cancelledAmount: decimal(json.cancelledAmount),
  cancelledTax: decimal(json.cancelledTax),
  returnedAmount: decimal(json.returnedAmount),
  returnedTax: decimal(json.returnedTax),
  paidAmount: decimal(json.paidAmount),
  refundedAmount: decimal(json.refundedAmount),
  returnRefundedAmount: decimal(json.returnRefundedAmount),
  // Drafts have the day of their making there, so that lists have one order.
  orderedAt: json.status === 'draft' ? null : new Date(json.orderedAt),
  createdAt: new Date(json.createdAt),
  updatedAt: new Date(json.updatedAt),
  lines: (json.lines ?? []).map(toLine),
});

const toLine = (json: LineJson): OrderLine => ({
  ...json,
  quantity: decimal(json.quantity),
  enteredQuantity: decimal(json.enteredQuantity),
  unitFactor: decimal(json.unitFactor),
  stockUnitFactor: decimal(json.stockUnitFactor),
  unitPrice: decimal(json.unitPrice),
  unitCost: decimalOrNull(json.unitCost),
  gross: decimal(json.gross),
  discountPercent: decimalOrNull(json.discountPercent),
  discountAmount: decimal(json.discountAmount),
  documentDiscount: decimal(json.documentDiscount),
  taxRate: decimal(json.taxRate),
  taxAmount: decimal(json.taxAmount),
  total: decimal(json.total),
  shippedQuantity: decimal(json.shippedQuantity),
  cancelledQuantity: decimal(json.cancelledQuantity),
  returnedQuantity: decimal(json.returnedQuantity),
});

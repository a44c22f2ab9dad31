import { Prisma } from '../../generated/prisma/client';
import type { Address } from '../../kernel/address';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import type { Decimal } from '../../kernel/decimal';
import { newId } from '../../kernel/ids';
import type { Order, OrderLine } from './domain/order';
import type { OrderStatus } from './domain/order-status';

/** How orders and their lines are written, for placement (one big statement) and for changes in a unit of work. */
export const ORDER_COLUMNS = Prisma.sql`organization_id, id, number, external_reference, status, fulfilment_status, payment_status, store_id, customer_id, guest_name, currency, discount_percent,
  discount_amount, subtotal, discount_total, shipping_amount, tax_total, tax_included, total, billing_address, shipping_address, notes, due_date, ordered_at, created_by,
  version, created_at, updated_at`;

export function orderValues(order: Order): Prisma.Sql {
  return Prisma.sql`${currentOrganizationId()}::uuid, ${order.id}::uuid, ${order.number}, ${order.externalReference}, ${order.status}, ${order.fulfilmentStatus}, ${order.paymentStatus},
    ${order.store.id}::uuid, ${order.customer?.id ?? null}::uuid, ${order.guestName}, ${order.currency}, ${text(order.discountPercent)}::numeric, ${text(order.discountAmount)}::numeric,
    ${order.subtotal.toFixed()}::numeric, ${order.discountTotal.toFixed()}::numeric, ${order.shippingAmount.toFixed()}::numeric, ${order.taxTotal.toFixed()}::numeric,
    ${order.taxIncluded.toFixed()}::numeric, ${order.total.toFixed()}::numeric, ${json(order.billingAddress)}::jsonb, ${json(order.shippingAddress)}::jsonb, ${order.notes},
    ${order.dueDate}::date, ${order.orderedAt ?? order.createdAt}::timestamptz, ${currentContext().actor.id}::uuid, ${order.version}::integer, ${order.createdAt}::timestamptz, ${order.updatedAt}::timestamptz`;
}

export const LINE_COLUMNS = Prisma.sql`organization_id, id, order_id, line_number, product_id, sku, name, tracks_stock, quantity, entered_quantity, unit, unit_factor, stock_unit_factor, unit_is_whole, unit_price, price_is_manual,
  unit_cost, gross, discount_percent, discount_amount, document_discount, tax_rate_id, tax_rate, tax_inclusive, tax_amount, total`;

/** Values of LINE_COLUMNS from a recordset `l` of lines. */
export const lineValues = (orderId: string): Prisma.Sql =>
  Prisma.sql`${currentOrganizationId()}::uuid, l.id, ${orderId}::uuid, l.line_number, l.product_id, l.sku, l.name, l.tracks_stock, l.quantity, l.entered_quantity, l.unit, l.unit_factor, l.stock_unit_factor,
    l.unit_is_whole, l.unit_price, l.price_is_manual, l.unit_cost, l.gross, l.discount_percent, l.discount_amount, l.document_discount, l.tax_rate_id, l.tax_rate, l.tax_inclusive, l.tax_amount, l.total`;

/** The order's lines as a recordset `l`; each comes with an id for its reservation. */
export function linesRecordset(order: Pick<Order, 'lines'>): Prisma.Sql {
  const rows = order.lines.map((line) => ({
    id: line.id,
    reservation_id: newId(),
    line_number: line.lineNumber,
    product_id: line.productId,
    sku: line.sku,
    name: line.name,
    tracks_stock: line.tracksStock,
    quantity: line.quantity,
    entered_quantity: line.enteredQuantity,
    unit: line.unit,
    unit_factor: line.unitFactor,
    stock_unit_factor: line.stockUnitFactor,
    unit_is_whole: line.unitIsWhole,
    unit_price: line.unitPrice,
    price_is_manual: line.priceIsManual,
    unit_cost: line.unitCost,
    gross: line.gross,
    discount_percent: line.discountPercent,
    discount_amount: line.discountAmount,
    document_discount: line.documentDiscount,
    tax_rate_id: line.taxRateId,
    tax_rate: line.taxRate,
    tax_inclusive: line.taxInclusive,
    tax_amount: line.taxAmount,
    total: line.total,
  }));
  return Prisma.sql`json_to_recordset(${JSON.stringify(rows)}::json) AS l (id uuid, reservation_id uuid, line_number integer, product_id uuid, sku text, name text, tracks_stock boolean,
    quantity numeric, entered_quantity numeric, unit text, unit_factor numeric, stock_unit_factor numeric, unit_is_whole boolean, unit_price numeric, price_is_manual boolean, unit_cost numeric, gross numeric, discount_percent numeric, discount_amount numeric,
    document_discount numeric, tax_rate_id uuid, tax_rate numeric, tax_inclusive boolean, tax_amount numeric, total numeric)`;
}

/** One step of the state machine. */
export const statusStatement = (orderId: string, status: OrderStatus): Prisma.Sql => Prisma.sql`
  UPDATE orders SET status = ${status} WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${orderId}::uuid`;

/** Everything of the order's own row that can change. */
export const headStatement = (order: Order): Prisma.Sql => Prisma.sql`
  UPDATE orders SET number = ${order.number}, external_reference = ${order.externalReference}, status = ${order.status}, fulfilment_status = ${order.fulfilmentStatus},
    payment_status = ${order.paymentStatus}, store_id = ${order.store.id}::uuid, customer_id = ${order.customer?.id ?? null}::uuid, guest_name = ${order.guestName},
    currency = ${order.currency}, discount_percent = ${text(order.discountPercent)}::numeric, discount_amount = ${text(order.discountAmount)}::numeric,
    subtotal = ${order.subtotal.toFixed()}::numeric, discount_total = ${order.discountTotal.toFixed()}::numeric, shipping_amount = ${order.shippingAmount.toFixed()}::numeric,
    tax_total = ${order.taxTotal.toFixed()}::numeric, tax_included = ${order.taxIncluded.toFixed()}::numeric, total = ${order.total.toFixed()}::numeric,
    cancelled_amount = ${order.cancelledAmount.toFixed()}::numeric, cancelled_tax = ${order.cancelledTax.toFixed()}::numeric, returned_amount = ${order.returnedAmount.toFixed()}::numeric,
    returned_tax = ${order.returnedTax.toFixed()}::numeric, paid_amount = ${order.paidAmount.toFixed()}::numeric, refunded_amount = ${order.refundedAmount.toFixed()}::numeric,
    return_refunded_amount = ${order.returnRefundedAmount.toFixed()}::numeric, billing_address = ${json(order.billingAddress)}::jsonb,
    shipping_address = ${json(order.shippingAddress)}::jsonb, notes = ${order.notes}, due_date = ${order.dueDate}::date, ordered_at = ${order.orderedAt ?? order.createdAt}::timestamptz,
    version = ${order.version}::integer, updated_at = ${order.updatedAt}::timestamptz
  WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ${order.id}::uuid`;

export const insertLinesStatement = (orderId: string, lines: readonly OrderLine[]): Prisma.Sql => Prisma.sql`
  INSERT INTO order_lines (${LINE_COLUMNS}) SELECT ${lineValues(orderId)} FROM ${linesRecordset({ lines })}`;

export const updateLinesStatement = (lines: readonly OrderLine[]): Prisma.Sql => Prisma.sql`
  UPDATE order_lines o SET line_number = l.line_number, sku = l.sku, name = l.name, tracks_stock = l.tracks_stock, quantity = l.quantity, entered_quantity = l.entered_quantity,
    unit_price = l.unit_price, price_is_manual = l.price_is_manual, unit_cost = l.unit_cost, gross = l.gross, discount_percent = l.discount_percent,
    discount_amount = l.discount_amount, document_discount = l.document_discount, tax_rate_id = l.tax_rate_id, tax_rate = l.tax_rate, tax_inclusive = l.tax_inclusive,
    tax_amount = l.tax_amount, total = l.total, shipped_quantity = q.shipped, cancelled_quantity = q.cancelled, returned_quantity = q.returned
  FROM ${linesRecordset({ lines })}
  JOIN unnest(${lines.map(({ id }) => id)}::uuid[], ${lines.map((line) => line.shippedQuantity.toFixed())}::numeric[],
    ${lines.map((line) => line.cancelledQuantity.toFixed())}::numeric[], ${lines.map((line) => line.returnedQuantity.toFixed())}::numeric[])
    AS q (id, shipped, cancelled, returned) ON q.id = l.id
  WHERE o.organization_id = ${currentOrganizationId()}::uuid AND o.id = l.id`;

/** Their reservations go with them: release the stock first. */
export const deleteLinesStatement = (lines: readonly OrderLine[]): Prisma.Sql => Prisma.sql`
  DELETE FROM order_lines WHERE organization_id = ${currentOrganizationId()}::uuid AND id = ANY (${lines.map(({ id }) => id)}::uuid[])`;

const text = (value: Decimal | null): string | null => value?.toFixed() ?? null;
const json = (value: Address | null): string | null => (value === null ? null : JSON.stringify(value));

import type { Decimal } from '../../kernel/decimal';
import { formatMoney, formatPrice } from '../../kernel/money';
import { formatQuantity } from '../../kernel/quantity';
import type { Infer } from '../../http/fields/fields';
import type { Order, OrderLine } from './domain/order';
import { balanceOf } from './domain/order-money';
import { allowedMoves } from './domain/order-status';
import type { orderView, shipmentView } from './orders.schemas';
import type { Shipment } from './domain/shipment';

export type OrderView = Infer<typeof orderView>;

/** An order as the API answers it. Money has the currency's decimals, quantities no superfluous ones. */
export function presentOrder(order: Order): OrderView {
  const money = (amount: Decimal): string => formatMoney(amount, order.currency);
  return {
    id: order.id,
    number: order.number,
    externalReference: order.externalReference,
    status: order.status,
    paymentStatus: order.paymentStatus,
    fulfilmentStatus: order.fulfilmentStatus,
    customer: order.customer,
    customerName: order.customer?.name ?? order.guestName,
    store: order.store,
    currency: order.currency,
    items: order.lines.map((line) => presentLine(line, order.currency)),
    subtotal: money(order.subtotal),
    discountTotal: money(order.discountTotal),
    shippingAmount: money(order.shippingAmount),
    taxTotal: money(order.taxTotal),
    total: money(order.total),
    totalAmount: money(order.total),
    cancelledAmount: money(order.cancelledAmount),
    returnedAmount: money(order.returnedAmount),
    paidAmount: money(order.paidAmount),
    refundedAmount: money(order.refundedAmount),
    returnRefundedAmount: money(order.returnRefundedAmount),
    balance: money(balanceOf(order)),
    billingAddress: order.billingAddress,
    shippingAddress: order.shippingAddress,
    notes: order.notes,
    orderedAt: order.orderedAt?.toISOString() ?? null,
    dueDate: order.dueDate,
    allowedTransitions: [...allowedMoves(order)],
    version: order.version,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

const presentLine = (line: OrderLine, currency: string): OrderView['items'][number] => ({
  id: line.id,
  lineNumber: line.lineNumber,
  productId: line.productId,
  sku: line.sku,
  name: line.name,
  quantity: formatQuantity(line.enteredQuantity),
  unit: line.unit,
  stockQuantity: formatQuantity(line.quantity),
  unitPrice: formatPrice(line.unitPrice, currency),
  gross: formatMoney(line.gross, currency),
  discountAmount: formatMoney(line.discountAmount.plus(line.documentDiscount), currency),
  taxRate: line.taxRate.toFixed(),
  taxInclusive: line.taxInclusive,
  taxAmount: formatMoney(line.taxAmount, currency),
  total: formatMoney(line.total, currency),
  shippedQuantity: formatQuantity(line.shippedQuantity),
  cancelledQuantity: formatQuantity(line.cancelledQuantity),
  returnedQuantity: formatQuantity(line.returnedQuantity),
});

export const presentShipment = ({ portions, shippedAt, ...shipment }: Shipment): Infer<typeof shipmentView> => ({
  ...shipment,
  shippedAt: shippedAt.toISOString(),
  items: portions.map(({ line, quantity }) => ({
    itemId: line.id,
    productId: line.productId,
    sku: line.sku,
    quantity: formatQuantity(quantity),
  })),
});

import { isDeepStrictEqual } from 'node:util';
import { changedFields } from '../../events/changed-fields';
import type { DomainEvent, Json } from '../../events/event';
import type { Order, OrderLine } from './domain/order';

const about = (order: Pick<Order, 'id' | 'version'>): Pick<DomainEvent, 'aggregateType' | 'aggregateId' | 'aggregateVersion'> => ({
  aggregateType: 'order',
  aggregateId: order.id,
  aggregateVersion: order.version,
});

/** What a reader of the log wants to know of an order without asking for it. Names and addresses stay out. */
const facts = (order: Order): Json => ({
  number: order.number,
  storeId: order.store.id,
  customerId: order.customer?.id ?? null,
  currency: order.currency,
  total: order.total.toFixed(),
  lines: order.lines.map((line) => ({
    lineId: line.id,
    productId: line.productId,
    quantity: line.quantity.toFixed(),
    total: line.total.toFixed(),
  })),
});

export const orderDrafted = (order: Order): DomainEvent => ({
  type: 'order.drafted',
  ...about(order),
  payload: facts(order),
  after: { status: order.status, total: order.total.toFixed() },
  occurredAt: order.updatedAt,
});

export const orderPlaced = (order: Order): DomainEvent => ({
  type: 'order.placed',
  ...about(order),
  payload: facts(order),
  after: { status: order.status, total: order.total.toFixed() },
  occurredAt: order.updatedAt,
});

/** Everything of an order that events tell; what names a person stays out. */
const state = (order: Order): Json => ({
  number: order.number,
  status: order.status,
  fulfilmentStatus: order.fulfilmentStatus,
  paymentStatus: order.paymentStatus,
  storeId: order.store.id,
  customerId: order.customer?.id ?? null,
  externalReference: order.externalReference,
  dueDate: order.dueDate,
  subtotal: order.subtotal.toFixed(),
  discountTotal: order.discountTotal.toFixed(),
  shippingAmount: order.shippingAmount.toFixed(),
  taxTotal: order.taxTotal.toFixed(),
  total: order.total.toFixed(),
  cancelledAmount: order.cancelledAmount.toFixed(),
  returnedAmount: order.returnedAmount.toFixed(),
  paidAmount: order.paidAmount.toFixed(),
  refundedAmount: order.refundedAmount.toFixed(),
  returnRefundedAmount: order.returnRefundedAmount.toFixed(),
});

const lineState = (line: OrderLine): Json => ({
  lineId: line.id,
  productId: line.productId,
  quantity: line.quantity.toFixed(),
  unitPrice: line.unitPrice.toFixed(),
  discount: line.discountAmount.plus(line.documentDiscount).toFixed(),
  total: line.total.toFixed(),
  shipped: line.shippedQuantity.toFixed(),
  cancelled: line.cancelledQuantity.toFixed(),
  returned: line.returnedQuantity.toFixed(),
});

/** The lines of `order` that are not the same in `other`. */
function differingLines(order: Order, other: Order): Json[] {
  const known = new Map(other.lines.map((line) => [line.id, line]));
  return order.lines.flatMap((line) => {
    const counterpart = known.get(line.id);
    if (counterpart === line) return [];
    const stated = lineState(line);
    return counterpart !== undefined && isDeepStrictEqual(stated, lineState(counterpart)) ? [] : [stated];
  });
}

/** A change of an order with what differs before and after. `payload.path` lists the statuses of a move that took several steps. */
export function orderChanged(type: `order.${string}`, before: Order, after: Order, payload: Json = {}): DomainEvent {
  const fields = changedFields(state(before), state(after)) ?? { before: {}, after: {} };
  const [linesBefore, linesAfter] = [differingLines(before, after), differingLines(after, before)];
  return {
    type,
    ...about(after),
    payload: { number: after.number, ...payload },
    before: linesBefore.length === 0 ? fields.before : { ...fields.before, lines: linesBefore },
    after: linesAfter.length === 0 ? fields.after : { ...fields.after, lines: linesAfter },
    occurredAt: after.updatedAt,
  };
}

/** A draft that was deleted: nothing of it is left but this. */
export const orderDeleted = (order: Order): DomainEvent => ({
  type: 'order.deleted',
  ...about({ id: order.id, version: order.version + 1 }),
  before: { status: order.status, total: order.total.toFixed() },
});

import type { DomainEvent, Json } from '../../events/event';
import type { Order } from './domain/order';
import type { OrderStatus } from './domain/order-status';

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

/** `from` is null for an order that was placed at once, and 'draft' for one that was a draft before. */
export const orderPlaced = (order: Order, from: OrderStatus | null = null): DomainEvent => ({
  type: 'order.placed',
  ...about(order),
  payload: facts(order),
  ...(from === null ? {} : { before: { status: from } }),
  after: { status: order.status, total: order.total.toFixed() },
  occurredAt: order.updatedAt,
});

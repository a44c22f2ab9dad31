import { failure } from '../../../kernel/app-error';
import type { Decimal } from '../../../kernel/decimal';
import { stateMachine } from '../../../kernel/state-machine';
import { openQuantity, type LineQuantities } from './order-lines';

export const ORDER_STATUSES = [
  'draft',
  'pending',
  'confirmed',
  'processing',
  'shipped',
  'delivered',
  'completed',
  'cancelled',
  'refunded',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const FULFILMENT_STATUSES = ['unfulfilled', 'partial', 'fulfilled', 'partially_returned', 'returned'] as const;
export type FulfilmentStatus = (typeof FULFILMENT_STATUSES)[number];

export const PAYMENT_STATUSES = ['unpaid', 'partially_paid', 'paid', 'partially_refunded', 'refunded'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/** The life of an order. A draft may also be deleted. The database's trigger orders_guard_status holds the same table. */
export const orderLifecycle = stateMachine<OrderStatus>({
  draft: ['pending'],
  pending: ['confirmed', 'processing', 'cancelled'],
  confirmed: ['processing', 'shipped', 'cancelled'],
  processing: ['shipped', 'completed', 'cancelled'],
  shipped: ['delivered', 'completed'],
  delivered: ['completed', 'refunded'],
  completed: ['refunded'],
  cancelled: [],
  refunded: [],
});

/** ORD-1. details: { from, to, allowed } */
export class IllegalTransition extends failure('ILLEGAL_TRANSITION', 409, 'The order cannot go to that status now') {}

/** What decides where an order can go. */
export interface MovableOrder {
  readonly status: OrderStatus;
  readonly lines: readonly Omit<LineQuantities, 'returnedQuantity'>[];
  /** In the order's currency. */
  readonly paidAmount: Decimal;
  readonly refundedAmount: Decimal;
}

export const hasShippedUnits = ({ lines }: { readonly lines: readonly Pick<LineQuantities, 'shippedQuantity'>[] }): boolean =>
  lines.some((line) => !line.shippedQuantity.isZero());
const hasOpenUnits = ({ lines }: Pick<MovableOrder, 'lines'>): boolean => lines.some((line) => !openQuantity(line).isZero());
const isRefundedInFull = ({ paidAmount, refundedAmount }: MovableOrder): boolean => !paidAmount.isZero() && refundedAmount.eq(paidAmount);

/** Why the table's move does not go for this very order, or undefined when it does (ORD-4, ORD-5, ORD-6). */
function obstacle(to: OrderStatus, order: MovableOrder): string | undefined {
  if (to === 'cancelled' && hasShippedUnits(order)) return 'units of it were shipped: cancel the open quantity and return the shipped one';
  if ((to === 'shipped' || to === 'completed') && !hasShippedUnits(order) && !hasOpenUnits(order))
    return 'nothing of it was shipped or is open: cancel it';
  if (to === 'refunded' && !isRefundedInFull(order)) return 'its money was not refunded in full';
  return undefined;
}

/** Where this order can go now. */
export const allowedMoves = (order: MovableOrder): OrderStatus[] =>
  orderLifecycle.allowed(order.status).filter((to) => obstacle(to, order) === undefined);

/**
 * The status after the move.
 * @throws IllegalTransition with the allowed moves
 */
export function moveTo(to: OrderStatus, order: MovableOrder): OrderStatus {
  const reason = orderLifecycle.can(order.status, to) ? obstacle(to, order) : undefined;
  const allowed = allowedMoves(order);
  if (!allowed.includes(to)) throw illegal(order.status, to, allowed, reason);
  return to;
}

/**
 * Whether open units may be taken off the order: it was placed, and not everything of it has left.
 * @throws IllegalTransition
 */
export function assertCancellable(order: MovableOrder): void {
  if (!orderLifecycle.can(order.status, 'cancelled')) throw illegal(order.status, 'cancelled', allowedMoves(order));
}

function illegal(from: OrderStatus, to: OrderStatus, allowed: readonly OrderStatus[], reason?: string): IllegalTransition {
  const because = reason === undefined ? '' : `, because ${reason}`;
  const instead = allowed.length === 0 ? 'nothing else is possible' : `possible: ${allowed.join(', ')}`;
  return new IllegalTransition(`An order that is ${from} cannot become ${to}${because} (${instead})`, { from, to, allowed });
}

/**
 * The statuses an order passes, in order, when a shipment of it is booked (ORD-4). Empty when it stays where it is.
 * @throws IllegalTransition for an order that can't be shipped
 */
export function shippingPath(status: OrderStatus, everythingShipped: boolean): readonly OrderStatus[] {
  if (status === 'pending') return everythingShipped ? ['processing', 'shipped'] : ['processing'];
  if (status === 'confirmed') return everythingShipped ? ['shipped'] : ['processing'];
  if (status === 'processing') return everythingShipped ? ['shipped'] : [];
  throw illegal(status, everythingShipped ? 'shipped' : 'processing', orderLifecycle.allowed(status));
}

/** ORD-9: later only through cancellations and returns. */
export const canChangeItems = (status: OrderStatus): boolean => status === 'draft' || status === 'pending' || status === 'confirmed';

/** What happened to the goods. Cancelled units count for nothing: an order is fulfilled when nothing of it is open any more. */
export function fulfilmentStatus(lines: readonly LineQuantities[]): FulfilmentStatus {
  if (!hasShippedUnits({ lines })) return 'unfulfilled';
  const isOpen = lines.some((line) => !openQuantity(line).isZero());
  if (lines.every((line) => line.returnedQuantity.isZero())) return isOpen ? 'partial' : 'fulfilled';
  return !isOpen && lines.every((line) => line.returnedQuantity.eq(line.shippedQuantity)) ? 'returned' : 'partially_returned';
}

/**
 * What happened to the money, all in the order's currency. `total` is without what was cancelled, `due` also without goods that came back.
 * An order that costs nothing is paid, but nobody has paid an order by sending everything back.
 */
export function paymentStatus({ total, due = total, paid, refunded }: MoneyOfOrder): PaymentStatus {
  if (!refunded.isZero()) return refunded.gte(paid) ? 'refunded' : 'partially_refunded';
  if (paid.isZero()) return total.isZero() ? 'paid' : 'unpaid';
  return paid.gte(due) ? 'paid' : 'partially_paid';
}

interface MoneyOfOrder {
  readonly total: Decimal;
  readonly due?: Decimal;
  readonly paid: Decimal;
  readonly refunded: Decimal;
}

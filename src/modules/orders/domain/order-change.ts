import { failure } from '../../../kernel/app-error';
import { formatMoney } from '../../../kernel/money';
import type { Order, OrderLine } from './order';
import { compose, type LineDraft } from './order-composition';
import type { Portion } from './order-lines';
import { cancelledOf, dueOf } from './order-money';
import { fulfilmentStatus, paymentStatus } from './order-status';
import { enteredDiscount } from './order-totals';

/** details: { total, paid } */
export class PaidExceedsTotal extends failure('PAID_EXCEEDS_TOTAL', 409, 'The total would fall below what was already paid') {}

/** A line as it stands, for reckoning the money anew. What the catalogue said when it was frozen stays (ORD-8). */
export const redraft = (line: OrderLine): LineDraft => ({ ...line, discount: enteredDiscount(line) });

/**
 * The order with these lines: money and totals reckoned anew, the document's discount spread again.
 * @throws DiscountTooLarge, PaidExceedsTotal
 */
export function withLines(order: Order, drafts: readonly LineDraft[]): Order {
  // The document's discount is kept as it was entered, unlike a line's.
  const { currency, discountPercent, discountAmount, shippingAmount: shipping } = order;
  const composed = compose(drafts, { discountPercent, discountAmount, currency, shippingAmount: shipping });
  if (composed.total.lt(order.paidAmount)) {
    const total = formatMoney(composed.total, currency);
    const paid = formatMoney(order.paidAmount, currency);
    throw new PaidExceedsTotal(`The total would be ${total} ${currency}, but ${paid} was paid already`, { total, paid });
  }
  const { lines, subtotal, discountTotal, shippingAmount, taxTotal, taxIncluded, total } = composed;
  return settled({ ...order, lines, subtotal, discountTotal, shippingAmount, taxTotal, taxIncluded, total });
}

type Counted = 'shippedQuantity' | 'cancelledQuantity' | 'returnedQuantity';

/** The order after some of its lines were shipped, cancelled or returned. Lines that were not touched stay the same objects. */
export function withPortions(order: Order, counted: Counted, portions: readonly Portion<OrderLine>[]): Order {
  const taken = new Map(portions.map(({ line, quantity }) => [line.id, quantity]));
  const lines = order.lines.map((line) => {
    const quantity = taken.get(line.id);
    return quantity === undefined ? line : { ...line, [counted]: line[counted].plus(quantity) };
  });
  return settled({ ...order, lines });
}

/** What is derived follows from quantities, money and status, and from nothing else. */
export function settled(order: Order): Order {
  const after = { ...order, ...cancelledOf(order) };
  // Nobody has paid a cancelled order by its being cancelled.
  const [total, due] = after.status === 'cancelled' ? [after.total, after.total] : [after.total.minus(after.cancelledAmount), dueOf(after)];
  return {
    ...after,
    fulfilmentStatus: fulfilmentStatus(after.lines),
    paymentStatus: paymentStatus({ total, due, paid: after.paidAmount, refunded: after.refundedAmount }),
  };
}

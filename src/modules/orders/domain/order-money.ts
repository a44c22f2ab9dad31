import { failure } from '../../../kernel/app-error';
import { Decimal, sum, ZERO } from '../../../kernel/decimal';
import { formatMoney, refundShare, roundMoney } from '../../../kernel/money';
import type { Order } from './order';

/** details: { status } */
export class OrderNotPayable extends failure(
  'ORDER_NOT_PAYABLE',
  409,
  'The order is not one that is paid: a draft, cancelled or refunded',
) {}
/** details: { amount, balance } */
export class PaymentExceedsBalance extends failure('PAYMENT_EXCEEDS_BALANCE', 409, 'The payment is more than what is still owed') {}
/** details: { amount, refundable } */
export class RefundExceedsPaid extends failure('REFUND_EXCEEDS_PAID', 409, 'The refund is more than what was paid and not yet refunded') {}
/** details: { creditLimit, owed, asked, currency } */
export class CreditLimitExceeded extends failure(
  'CREDIT_LIMIT_EXCEEDED',
  409,
  'The order would bring the customer over the credit limit',
) {}

type Sums = Pick<Order, 'status' | 'total' | 'cancelledAmount' | 'paidAmount' | 'refundedAmount'>;

/** What of the total is no longer owed: all of a cancelled order, else the share of each line's cancelled units (by MON-8). */
export const cancelledAmountOf = ({ status, total, lines, currency }: Pick<Order, 'status' | 'total' | 'lines' | 'currency'>): Decimal =>
  status === 'cancelled' ? total : sum(lines.map((line) => refundShare(line.total, line.cancelledQuantity, line.quantity, ZERO, currency)));

/** What is still to be paid; never less than nothing. */
export const balanceOf = ({ total, cancelledAmount, paidAmount }: Sums): Decimal =>
  Decimal.max(ZERO, total.minus(cancelledAmount).minus(paidAmount));

/** What of the payments can still go back. */
export const refundableOf = ({ paidAmount, refundedAmount }: Sums): Decimal => paidAmount.minus(refundedAmount);

/**
 * ORD-12: an order is paid up to its balance.
 * @throws OrderNotPayable, PaymentExceedsBalance
 */
export function assertPayable(order: Sums & Pick<Order, 'currency'>, amount: Decimal): void {
  const { status, currency } = order;
  if (status === 'draft' || status === 'cancelled' || status === 'refunded')
    throw new OrderNotPayable(`An order that is ${status} takes no payment`, { status });
  const balance = balanceOf(order);
  if (amount.lte(balance) && !balance.isZero()) return;
  const details = { amount: formatMoney(amount, currency), balance: formatMoney(balance, currency) };
  const message = balance.isZero()
    ? 'Nothing is owed on the order'
    : `${details.amount} ${currency} is more than the ${details.balance} still owed`;
  throw new PaymentExceedsBalance(message, details);
}

/** A payment that may give money back. */
export interface RefundablePayment {
  readonly id: string;
  readonly amount: Decimal;
  readonly refundedAmount: Decimal;
  readonly method: string;
}

export interface RefundPart<P> {
  readonly payment: P;
  readonly amount: Decimal;
}

/**
 * PAY-1: from which payments a refund comes, the latest first. No payment gives more than it brought.
 * @throws RefundExceedsPaid
 */
export function planRefund<P extends RefundablePayment>(payments: readonly P[], amount: Decimal, currency: string): RefundPart<P>[] {
  let left = amount;
  const parts: RefundPart<P>[] = [];
  for (const payment of [...payments].reverse()) {
    const part = Decimal.min(left, payment.amount.minus(payment.refundedAmount));
    if (part.lte(ZERO)) continue;
    parts.push({ payment, amount: part });
    left = left.minus(part);
  }
  if (left.lte(ZERO) && parts.length > 0) return parts;
  const details = { amount: formatMoney(amount, currency), refundable: formatMoney(amount.minus(left), currency) };
  throw new RefundExceedsPaid(`${details.amount} ${currency} is more than the ${details.refundable} that can be refunded`, details);
}

/** The tax inside refunds of `amount` after `refunded`, so that a full refund gives back exactly the order's tax. */
export function taxOfRefund({ taxTotal, total, currency }: Order, refunded: Decimal, amount: Decimal): Decimal {
  if (total.isZero()) return ZERO;
  const upTo = (money: Decimal): Decimal => roundMoney(taxTotal.times(money).div(total), currency);
  return upTo(refunded.plus(amount)).minus(upTo(refunded));
}

/** A customer's limit, and what the customer's placed orders owe; read under the customer's guard row. */
export interface Credit {
  readonly limit: Decimal;
  readonly owed: Decimal;
  readonly currency: string;
}

const dueOf = (order: Sums): Decimal => (order.status === 'draft' || order.status === 'cancelled' ? ZERO : balanceOf(order));

/**
 * ORD-12: open orders ≤ limit. Only what makes a customer owe more can be refused; `before` is the order as `credit` has counted it.
 * @throws CreditLimitExceeded
 */
export function assertWithinCredit(credit: Credit, after: Sums & Pick<Order, 'currency'>, before?: Sums): void {
  if (after.currency !== credit.currency) return;
  const more = dueOf(after).minus(before === undefined ? ZERO : dueOf(before));
  const owed = credit.owed.plus(more);
  if (more.lte(ZERO) || owed.lte(credit.limit)) return;
  const { currency } = credit;
  const details = {
    creditLimit: formatMoney(credit.limit, currency),
    owed: formatMoney(credit.owed, currency),
    asked: formatMoney(more, currency),
    currency,
  };
  throw new CreditLimitExceeded(
    `The credit limit is ${details.creditLimit} ${currency}, ${details.owed} is owed, and this would add ${details.asked}`,
    details,
  );
}

import { failure } from '../../../kernel/app-error';
import { Decimal, sum, ZERO } from '../../../kernel/decimal';
import { formatMoney, refundShare } from '../../../kernel/money';
import type { Order, OrderLine } from './order';

/** details: { status } */
export class OrderNotPayable extends failure(
  'ORDER_NOT_PAYABLE',
  409,
  'The order is not one that is paid: a draft, cancelled or refunded',
) {}
/** details: { amount, balance } */
export class PaymentExceedsBalance extends failure('PAYMENT_EXCEEDS_BALANCE', 409, 'The payment is more than what is still owed') {}
/** details: { creditLimit, owed, asked, currency } */
export class CreditLimitExceeded extends failure(
  'CREDIT_LIMIT_EXCEEDED',
  409,
  'The order would bring the customer over the credit limit',
) {}

type Owed = Pick<Order, 'total' | 'cancelledAmount' | 'returnedAmount' | 'returnRefundedAmount'>;
type Sums = Owed & Pick<Order, 'status' | 'paidAmount'>;

type Cancellable = Pick<Order, 'status' | 'total' | 'taxTotal' | 'lines' | 'currency'>;

/** What of the total is no longer owed, and the tax inside it: all of a cancelled order, else what of each line was cancelled. */
export function cancelledOf({ status, total, taxTotal, lines, currency }: Cancellable): Pick<Order, 'cancelledAmount' | 'cancelledTax'> {
  if (status === 'cancelled') return { cancelledAmount: total, cancelledTax: taxTotal };
  const share = (money: 'total' | 'taxAmount'): Decimal => sum(lines.map((line) => cancelledShare(line[money], line, currency)));
  return { cancelledAmount: share('total'), cancelledTax: share('taxAmount') };
}

/**
 * MON-8: what is left when the share of the units not cancelled is rounded, so that these can come back for exactly the rest. With a share of
 * its own for each, half a cent would be rounded up twice. SQL says the same in INV-8.orders and the dashboard's breakdown.
 */
function cancelledShare(money: Decimal, { quantity, cancelledQuantity }: OrderLine, currency: string): Decimal {
  if (cancelledQuantity.isZero()) return ZERO;
  return money.minus(refundShare(money, quantity.minus(cancelledQuantity), quantity, ZERO, currency));
}

/**
 * What is to be paid for an order, paid or not: total − cancelled − (returned − refunded for returns). Goods that came back need not be
 * paid for. Money that went back for them was paid before, so it is added again: what is paid and what is due are then both without it, and
 * it counts once. Other refunds change nothing: they give back what was paid too much, or are a kindness.
 */
export const dueOf = ({ total, cancelledAmount, returnedAmount, returnRefundedAmount }: Owed): Decimal =>
  total.minus(cancelledAmount).minus(returnedAmount.minus(returnRefundedAmount));

/**
 * What is still to be paid: total − cancelled − (returned − refunded for returns) − paid, never less than nothing. It is what the customer's
 * statement says of the order, unless that owes something to the customer. SQL says the same in guard_customer_credit() and the list.
 */
export const balanceOf = (order: Sums): Decimal => Decimal.max(ZERO, dueOf(order).minus(order.paidAmount));

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

/** A customer's limit, and what the customer's placed orders owe; read under the customer's guard row. */
export interface Credit {
  readonly limit: Decimal;
  readonly owed: Decimal;
  readonly currency: string;
}

const owedOf = (order: Sums): Decimal => (order.status === 'draft' || order.status === 'cancelled' ? ZERO : balanceOf(order));

/**
 * ORD-12: open orders ≤ limit. Only what makes a customer owe more can be refused; `before` is the order as `credit` has counted it.
 * @throws CreditLimitExceeded
 */
export function assertWithinCredit(credit: Credit, after: Sums & Pick<Order, 'currency'>, before?: Sums): void {
  if (after.currency !== credit.currency) return;
  const more = owedOf(after).minus(before === undefined ? ZERO : owedOf(before));
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

import { failure } from '../../../kernel/app-error';
import { UnusableReference } from '../../../kernel/common-errors';
import { Decimal, sum, ZERO } from '../../../kernel/decimal';
import { formatMoney, roundMoney } from '../../../kernel/money';
import type { Order } from './order';

/** details: { amount, refundable } */
export class RefundExceedsPaid extends failure('REFUND_EXCEEDS_PAID', 409, 'The refund is more than what was paid and not yet refunded') {}

/** A payment that may give money back. */
export interface RefundablePayment {
  readonly id: string;
  readonly amount: Decimal;
  readonly refundedAmount: Decimal;
  readonly method: string;
}

/** A return of the order, with what of it was refunded. */
export interface RefundableReturn {
  readonly id: string;
  readonly total: Decimal;
  readonly refunded: Decimal;
}

export interface RefundTerms {
  readonly amount: Decimal;
  /** The return it pays back, when it does. */
  readonly returnId: string | null;
}

/**
 * What a refund comes to, and for which return. Without an amount it is all that `sources` can still give, or of the return that is named
 * as much as they can. Without a return it pays back the only one that is still to be paid back, when that one reaches so far.
 * @throws RefundExceedsPaid, UnusableReference for a return the order does not have
 */
export function refundTerms(
  asked: { readonly amount?: Decimal | undefined; readonly returnId?: string | undefined },
  sources: readonly RefundablePayment[],
  returns: readonly RefundableReturn[],
  currency: string,
): RefundTerms {
  const paid = sum(sources.map((payment) => payment.amount.minus(payment.refundedAmount)));
  if (asked.returnId === undefined) {
    const amount = asked.amount ?? some(paid, currency);
    const open = returns.filter((one) => leftOf(one).gt(ZERO));
    const meant = open.length === 1 && amount.lte(leftOf(open[0]!)) ? open[0] : undefined;
    return { amount, returnId: meant?.id ?? null };
  }
  const returned = returns.find(({ id }) => id === asked.returnId);
  if (returned === undefined)
    throw new UnusableReference(`The order has no return ${asked.returnId}`, { field: 'returnId', id: asked.returnId });
  const left = leftOf(returned);
  const amount = asked.amount ?? some(Decimal.min(left, paid), currency);
  if (amount.lte(left)) return { amount, returnId: returned.id };
  const details = { amount: formatMoney(amount, currency), refundable: formatMoney(left, currency) };
  const message = `${details.amount} ${currency} is more than the ${details.refundable} of the return not yet refunded`;
  throw new RefundExceedsPaid(message, details);
}

const leftOf = ({ total, refunded }: RefundableReturn): Decimal => total.minus(refunded);

/** The amount when it was not said; nothing to give back is a refusal. */
function some(amount: Decimal, currency: string): Decimal {
  if (amount.gt(ZERO)) return amount;
  const details = { amount: formatMoney(ZERO, currency), refundable: formatMoney(ZERO, currency) };
  throw new RefundExceedsPaid('There is nothing left to refund', details);
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

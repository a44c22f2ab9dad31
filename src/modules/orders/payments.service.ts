import { invalidField, UnusableReference } from '../../kernel/common-errors';
import { Decimal, ZERO } from '../../kernel/decimal';
import { newId } from '../../kernel/ids';
import { assertScale, formatMoney } from '../../kernel/money';
import type { Order } from './domain/order';
import { assertPayable, balanceOf, planRefund, refundableOf, RefundExceedsPaid, taxOfRefund } from './domain/order-money';
import type { Payment, PaymentMethod, Refund } from './domain/payment';
import type { OrderChanges } from './order-changes';
import type { PaymentsRepository } from './payments.repository';

export interface RequestedPayment {
  /** All that is still owed when left out. */
  readonly amount?: Decimal | undefined;
  readonly method: PaymentMethod;
  readonly reference?: string | undefined;
  readonly paidAt?: Date | undefined;
}

export interface RequestedRefund {
  /** Left out: what of the return was not refunded yet, else all that can be. */
  readonly amount?: Decimal | undefined;
  /** The latest payments when left out. */
  readonly paymentId?: string | undefined;
  readonly returnId?: string | undefined;
  readonly method?: PaymentMethod | undefined;
  readonly reason: string;
  readonly refundedAt?: Date | undefined;
}

/** Payments and refunds that people write down; what a gateway does comes with the gateway. */
export class PaymentsService {
  constructor(
    private readonly changes: OrderChanges,
    private readonly payments: PaymentsRepository,
  ) {}

  /** @throws OrderNotPayable, PaymentExceedsBalance, InvalidInput */
  async pay(orderId: string, requested: RequestedPayment, expectedVersion?: number): Promise<{ order: Order; payment: Payment }> {
    let payment: Payment | undefined;
    const order = await this.changes.run(orderId, expectedVersion, (before, now) => {
      const { customer, currency } = before;
      const amount = requested.amount ?? balanceOf(before);
      assertPayable(before, amount);
      assertAmount(amount, currency);
      payment = {
        id: newId(),
        orderId,
        customerId: customer?.id ?? null,
        currency,
        amount,
        method: requested.method,
        status: 'succeeded',
        reference: requested.reference ?? null,
        paidAt: notLater(requested.paidAt, now, 'paidAt'),
      };
      const paid = payment;
      return {
        after: { ...before, paidAmount: before.paidAmount.plus(amount) },
        event: 'order.paid',
        payload: { paymentId: paid.id, amount: amount.toFixed(), method: paid.method },
        effects: () => this.payments.insert(paid),
      };
    });
    return { order, payment: payment! };
  }

  /**
   * ORD-6, PAY-1: never more than was paid. One refund for each payment it comes from.
   * @throws RefundExceedsPaid, UnusableReference for a payment or return the order does not have, InvalidInput
   */
  async refund(orderId: string, requested: RequestedRefund, expectedVersion?: number): Promise<{ order: Order; refunds: Refund[] }> {
    let refunds: Refund[] = [];
    const order = await this.changes.run(orderId, expectedVersion, async (before, now) => {
      refunds = await this.planned(before, requested, now);
      const amount = refunds.reduce((sum, refund) => sum.plus(refund.amount), ZERO);
      return {
        after: { ...before, refundedAmount: before.refundedAmount.plus(amount) },
        event: 'order.refund_made',
        payload: { refundIds: refunds.map(({ id }) => id), amount: amount.toFixed(), reason: requested.reason },
        effects: () => this.payments.refund(refunds),
      };
    });
    return { order, refunds };
  }

  private async planned(order: Order, requested: RequestedRefund, now: Date): Promise<Refund[]> {
    const { currency } = order;
    const refundedAt = notLater(requested.refundedAt, now, 'refundedAt');
    const amount = await this.amountOf(order, requested);
    assertAmount(amount, currency);
    let taxed = order.refundedAmount;
    return planRefund(await this.sources(order, requested.paymentId), amount, currency).map(({ payment, amount: part }) => {
      const taxAmount = taxOfRefund(order, taxed, part);
      taxed = taxed.plus(part);
      return {
        id: newId(),
        paymentId: payment.id,
        orderId: order.id,
        returnId: requested.returnId ?? null,
        customerId: order.customer?.id ?? null,
        currency,
        amount: part,
        taxAmount,
        method: requested.method ?? payment.method,
        status: 'succeeded',
        reason: requested.reason,
        refundedAt,
      };
    });
  }

  private async sources(order: Order, paymentId: string | undefined) {
    const payments = await this.payments.lockOf(order.id);
    if (paymentId === undefined) return payments;
    const chosen = payments.filter(({ id }) => id === paymentId);
    if (chosen.length > 0) return chosen;
    throw new UnusableReference(`The order has no payment ${paymentId}`, { field: 'paymentId', id: paymentId });
  }

  private async amountOf(order: Order, { amount, returnId }: RequestedRefund): Promise<Decimal> {
    const refundable = refundableOf(order);
    if (returnId === undefined) return amount ?? some(refundable, order);
    const returned = await this.payments.returnOf(order.id, returnId);
    if (returned === null) throw new UnusableReference(`The order has no return ${returnId}`, { field: 'returnId', id: returnId });
    const left = returned.total.minus(returned.refunded);
    if (amount === undefined) return some(Decimal.min(left, refundable), order);
    if (amount.lte(left)) return amount;
    const details = { amount: formatMoney(amount, order.currency), refundable: formatMoney(left, order.currency) };
    throw new RefundExceedsPaid(
      `${details.amount} ${order.currency} is more than the ${details.refundable} of the return not yet refunded`,
      details,
    );
  }
}

/** The amount when it was not said; nothing to give back is a refusal. */
function some(amount: Decimal, { currency }: Order): Decimal {
  if (!amount.isZero()) return amount;
  const details = { amount: formatMoney(amount, currency), refundable: formatMoney(amount, currency) };
  throw new RefundExceedsPaid('There is nothing left to refund', details);
}

function assertAmount(amount: Decimal, currency: string): void {
  assertScale(amount, currency);
  if (amount.lte(ZERO)) throw invalidField('amount', `must be more than zero, but is ${amount.toFixed()}`);
}

function notLater(moment: Date | undefined, now: Date, field: string): Date {
  if (moment === undefined) return now;
  if (moment > now) throw invalidField(field, `must not be in the future, but is ${moment.toISOString()}`);
  return moment;
}

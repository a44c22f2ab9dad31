import { invalidField, UnusableReference } from '../../kernel/common-errors';
import { type Decimal, sum, ZERO } from '../../kernel/decimal';
import { newId } from '../../kernel/ids';
import { notLater } from '../../kernel/moments';
import { assertScale } from '../../kernel/money';
import type { Order } from './domain/order';
import { assertPayable, balanceOf } from './domain/order-money';
import { planRefund, type RefundablePayment, refundTerms, taxOfRefund } from './domain/order-refunds';
import type { Payment, PaymentMethod, Refund } from './domain/payment';
import type { Making, OrderChanges } from './order-changes';
import type { PaymentsRepository } from './payments.repository';

export interface RequestedPayment {
  /** All that is still owed when left out. */
  readonly amount?: Decimal | undefined;
  readonly method: PaymentMethod;
  readonly reference?: string | undefined;
  readonly paidAt?: Date | undefined;
}

export interface RequestedRefund {
  /** Left out: what of the return was not refunded yet, as far as the payments reach; without a return all that they still have. */
  readonly amount?: Decimal | undefined;
  /** The latest payments when left out. */
  readonly paymentId?: string | undefined;
  /** Left out: the only one that is still to be paid back, when it reaches so far. */
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
  pay(orderId: string, requested: RequestedPayment, expectedVersion?: number): Promise<{ order: Order; made: Payment }> {
    return this.changes.make(orderId, expectedVersion, (before, now): Making<Payment> => {
      const { customer, currency } = before;
      const amount = requested.amount ?? balanceOf(before);
      assertPayable(before, amount);
      assertAmount(amount, currency);
      const payment: Payment = {
        id: newId(),
        orderId,
        customerId: customer?.id ?? null,
        currency,
        amount,
        method: requested.method,
        status: 'succeeded',
        reference: requested.reference ?? null,
        paidAt: notLater('paidAt', requested.paidAt, now),
      };
      return {
        after: { ...before, paidAmount: before.paidAmount.plus(amount) },
        event: 'order.paid',
        payload: { paymentId: payment.id, amount: amount.toFixed(), method: payment.method },
        effects: async () => {
          await this.payments.insert(payment);
          return payment;
        },
      };
    });
  }

  /**
   * ORD-6, PAY-1: never more than was paid. One refund for each payment it comes from.
   * @throws RefundExceedsPaid, UnusableReference for a payment or return the order does not have, InvalidInput
   */
  refund(orderId: string, requested: RequestedRefund, expectedVersion?: number): Promise<{ order: Order; made: Refund[] }> {
    return this.changes.make(orderId, expectedVersion, async (before, now): Promise<Making<Refund[]>> => {
      const refunds = await this.planned(before, requested, now);
      const total = (some: readonly Refund[]): Decimal => sum(some.map(({ amount }) => amount));
      const amount = total(refunds);
      return {
        after: {
          ...before,
          refundedAmount: before.refundedAmount.plus(amount),
          returnRefundedAmount: before.returnRefundedAmount.plus(total(refunds.filter(({ returnId }) => returnId !== null))),
        },
        event: 'order.refund_made',
        payload: { refundIds: refunds.map(({ id }) => id), amount: amount.toFixed(), reason: requested.reason },
        effects: async () => {
          await this.payments.refund(refunds);
          return refunds;
        },
      };
    });
  }

  private async planned(order: Order, requested: RequestedRefund, now: Date): Promise<Refund[]> {
    const { currency } = order;
    const refundedAt = notLater('refundedAt', requested.refundedAt, now);
    const sources = await this.sources(order, requested.paymentId);
    const { amount, returnId } = refundTerms(requested, sources, await this.payments.returnsOf(order.id), currency);
    assertAmount(amount, currency);
    let taxed = order.refundedAmount;
    return planRefund(sources, amount, currency).map(({ payment, amount: part }) => {
      const taxAmount = taxOfRefund(order, taxed, part);
      taxed = taxed.plus(part);
      return {
        id: newId(),
        paymentId: payment.id,
        orderId: order.id,
        returnId,
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

  private async sources(order: Order, paymentId: string | undefined): Promise<RefundablePayment[]> {
    const payments = await this.payments.lockOf(order.id);
    if (paymentId === undefined) return payments;
    const chosen = payments.filter(({ id }) => id === paymentId);
    if (chosen.length > 0) return chosen;
    throw new UnusableReference(`The order has no payment ${paymentId}`, { field: 'paymentId', id: paymentId });
  }
}

function assertAmount(amount: Decimal, currency: string): void {
  assertScale(amount, currency);
  if (amount.lte(ZERO)) throw invalidField('amount', `must be more than zero, but is ${amount.toFixed()}`);
}

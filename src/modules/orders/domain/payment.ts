import type { Decimal } from '../../../kernel/decimal';

/** How money changes hands when somebody writes it down by hand. */
export const PAYMENT_METHODS = ['cash', 'card', 'bank_transfer', 'cheque', 'voucher', 'other'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

export const PAYMENT_STATES = ['pending', 'succeeded', 'failed', 'partially_refunded', 'refunded'] as const;
export const REFUND_STATES = ['pending', 'succeeded', 'failed'] as const;

/** Amounts in the order's currency. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  readonly customerId: string | null;
  readonly currency: string;
  readonly amount: Decimal;
  readonly method: PaymentMethod;
  readonly status: (typeof PAYMENT_STATES)[number];
  readonly reference: string | null;
  readonly paidAt: Date;
}

/** Money of one payment that went back. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly orderId: string;
  /** The return it pays back, when it does. */
  readonly returnId: string | null;
  readonly customerId: string | null;
  readonly currency: string;
  readonly amount: Decimal;
  /** The tax inside the amount. */
  readonly taxAmount: Decimal;
  /** That of the payment unless said otherwise. */
  readonly method: string;
  readonly status: (typeof REFUND_STATES)[number];
  readonly reason: string | null;
  readonly refundedAt: Date;
}

import {
  currencyCode,
  describe,
  id,
  instant,
  instantView,
  list,
  money,
  named,
  nullable,
  oneOf,
  optional,
  shape,
  text,
  type Infer,
} from '../../http/fields/fields';
import { listQuery, pageOf } from '../../http/lists/paging';
import { PAYMENT_METHODS, PAYMENT_STATES, REFUND_STATES } from './domain/payment';
import { orderView } from './orders.schemas';

const MOST = 10_000;

export const newPayment = named(
  'NewPayment',
  shape({
    amount: optional(describe(money(), 'All that is still owed when left out.')),
    method: oneOf(...PAYMENT_METHODS),
    reference: optional(describe(text(100), 'Such as the number of the transfer.')),
    paidAt: optional(instant()),
  }),
);

export const paymentView = named(
  'Payment',
  shape({
    id: id(),
    orderId: nullable(id()),
    customerId: nullable(id()),
    currency: currencyCode(),
    amount: money(),
    refundedAmount: money(),
    method: text(50),
    status: oneOf(...PAYMENT_STATES),
    reference: nullable(text(100)),
    paidAt: instantView(),
  }),
);
export const paymentBooked = named('PaymentBooked', shape({ payment: paymentView, order: orderView }));
export const paymentList = listQuery({ sort: ['paidAt'], default: 'paidAt' });
export const paymentPage = pageOf('PaymentPage', paymentView);

export const newRefund = named(
  'NewRefund',
  shape({
    amount: optional(
      describe(
        money(),
        'Left out: what of the return was not refunded yet, as far as the payments it comes from reach; without a return all that these still have.',
      ),
    ),
    reason: text(500),
    paymentId: optional(describe(id(), 'The payment it comes from; the latest ones when left out.')),
    returnId: optional(
      describe(
        id(),
        'The return it pays back. Left out: the only one that is not paid back in full yet, when the amount is within what is left of it.',
      ),
    ),
    method: optional(describe(oneOf(...PAYMENT_METHODS), 'That of the payment when left out.')),
    refundedAt: optional(instant()),
  }),
);

export const refundView = named(
  'Refund',
  shape({
    id: id(),
    orderId: nullable(id()),
    paymentId: nullable(id()),
    returnId: nullable(id()),
    currency: currencyCode(),
    amount: money(),
    taxAmount: describe(money(), 'The tax inside the amount.'),
    method: text(50),
    status: oneOf(...REFUND_STATES),
    reason: nullable(text(500)),
    refundedAt: instantView(),
  }),
);
export const refundBooked = named(
  'RefundBooked',
  shape({ refunds: describe(list(refundView, { min: 1, max: MOST }), 'One for each payment it comes from.'), order: orderView }),
);
export const refundList = listQuery({ sort: ['refundedAt'], default: 'refundedAt' });
export const refundPage = pageOf('RefundPage', refundView);

export type NewPaymentBody = Infer<typeof newPayment>;
export type NewRefundBody = Infer<typeof newRefund>;
export type PaymentView = Infer<typeof paymentView>;
export type RefundView = Infer<typeof refundView>;
export type PaymentList = Infer<typeof paymentList>;
export type RefundList = Infer<typeof refundList>;

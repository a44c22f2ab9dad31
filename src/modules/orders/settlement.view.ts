import { ZERO } from '../../kernel/decimal';
import { formatMoney, formatPrice } from '../../kernel/money';
import { formatQuantity } from '../../kernel/quantity';
import { stockUnitPrice } from './domain/order-composition';
import type { Payment, Refund } from './domain/payment';
import type { PaymentView, RefundView } from './payments.schemas';
import type { Return } from './returns.repository';
import type { ReturnView } from './returns.schemas';

/** Documents as they are answered when they are made. */

export const presentPayment = (payment: Payment): PaymentView => ({
  ...payment,
  amount: formatMoney(payment.amount, payment.currency),
  refundedAmount: formatMoney(ZERO, payment.currency),
  paidAt: payment.paidAt.toISOString(),
});

export const presentRefund = ({ customerId: _customer, ...refund }: Refund): RefundView => ({
  ...refund,
  amount: formatMoney(refund.amount, refund.currency),
  taxAmount: formatMoney(refund.taxAmount, refund.currency),
  refundedAt: refund.refundedAt.toISOString(),
});

export const presentReturn = ({ customerId: _customer, lines, ...made }: Return): ReturnView => ({
  ...made,
  total: formatMoney(made.total, made.currency),
  taxTotal: formatMoney(made.taxTotal, made.currency),
  refundedAmount: formatMoney(ZERO, made.currency),
  returnedAt: made.returnedAt.toISOString(),
  items: lines.map(({ line, quantity, total, taxAmount, disposition }) => ({
    itemId: line.id,
    productId: line.productId,
    sku: line.sku,
    name: line.name,
    quantity: formatQuantity(quantity),
    unitPrice: formatPrice(stockUnitPrice(line), made.currency),
    taxAmount: formatMoney(taxAmount, made.currency),
    total: formatMoney(total, made.currency),
    disposition,
  })),
});

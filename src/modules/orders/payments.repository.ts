import type { UnitOfWork } from '../../db/unit-of-work';
import type { Prisma } from '../../generated/prisma/client';
import { currentContext, currentOrganizationId } from '../../kernel/context';
import { Decimal } from '../../kernel/decimal';
import type { RefundablePayment, RefundableReturn } from './domain/order-refunds';
import type { Payment, Refund } from './domain/payment';

interface PaymentRow {
  id: string;
  amount: string;
  refunded_amount: string;
  method: string;
}

/** Money that came and went, always under its order's lock. */
export class PaymentsRepository {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  private get tx(): Prisma.TransactionClient {
    return this.unitOfWork.transaction;
  }

  async insert(payment: Payment): Promise<void> {
    await this.tx.$executeRaw`
      INSERT INTO payments (organization_id, id, order_id, customer_id, currency, amount, method, status, reference, paid_at, created_by)
      VALUES (${currentOrganizationId()}::uuid, ${payment.id}::uuid, ${payment.orderId}::uuid, ${payment.customerId}::uuid, ${payment.currency}, ${payment.amount.toFixed()}::numeric,
        ${payment.method}, ${payment.status}, ${payment.reference}, ${payment.paidAt}::timestamptz, ${currentContext().actor.id}::uuid)`;
  }

  /** The order's payments that brought money, locked by id. PAY-1 */
  async lockOf(orderId: string): Promise<RefundablePayment[]> {
    const rows = await this.tx.$queryRaw<PaymentRow[]>`
      SELECT id::text, amount::text, refunded_amount::text, method FROM payments
      WHERE organization_id = ${currentOrganizationId()}::uuid AND order_id = ${orderId}::uuid AND status IN ('succeeded', 'partially_refunded', 'refunded')
      ORDER BY id FOR NO KEY UPDATE`;
    return rows.map((row) => ({
      id: row.id,
      amount: new Decimal(row.amount),
      refundedAmount: new Decimal(row.refunded_amount),
      method: row.method,
    }));
  }

  /** Writes the refunds, and what they took off their payments. */
  async refund(refunds: readonly Refund[]): Promise<void> {
    const organizationId = currentOrganizationId();
    await this.tx.$executeRaw`
      UPDATE payments p SET refunded_amount = p.refunded_amount + r.amount,
        status = CASE WHEN p.refunded_amount + r.amount = p.amount THEN 'refunded' ELSE 'partially_refunded' END
      FROM unnest(${refunds.map(({ paymentId }) => paymentId)}::uuid[], ${refunds.map(({ amount }) => amount.toFixed())}::numeric[]) AS r (payment_id, amount)
      WHERE p.organization_id = ${organizationId}::uuid AND p.id = r.payment_id`;
    const rows = refunds.map((refund) => ({
      id: refund.id,
      payment_id: refund.paymentId,
      order_id: refund.orderId,
      return_id: refund.returnId,
      customer_id: refund.customerId,
      currency: refund.currency,
      amount: refund.amount,
      tax_amount: refund.taxAmount,
      method: refund.method,
      status: refund.status,
      reason: refund.reason,
      refunded_at: refund.refundedAt,
    }));
    await this.tx.$executeRaw`
      INSERT INTO refunds (organization_id, id, payment_id, order_id, return_id, customer_id, currency, amount, tax_amount, method, status, reason, refunded_at, created_by)
      SELECT ${organizationId}::uuid, r.id, r.payment_id, r.order_id, r.return_id, r.customer_id, r.currency, r.amount, r.tax_amount, r.method, r.status, r.reason, r.refunded_at,
        ${currentContext().actor.id}::uuid
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r (id uuid, payment_id uuid, order_id uuid, return_id uuid, customer_id uuid, currency text, amount numeric,
        tax_amount numeric, method text, status text, reason text, refunded_at timestamptz)`;
  }

  /** The order's returns, with what of each was refunded. */
  async returnsOf(orderId: string): Promise<RefundableReturn[]> {
    const organizationId = currentOrganizationId();
    const rows = await this.tx.$queryRaw<Array<{ id: string; total: string; refunded: string }>>`
      SELECT r.id::text, r.total::text, coalesce(f.amount, 0)::text AS refunded
      FROM returns r
      LEFT JOIN (SELECT return_id, sum(amount) AS amount FROM refunds
                 WHERE organization_id = ${organizationId}::uuid AND order_id = ${orderId}::uuid AND status = 'succeeded' GROUP BY return_id) f ON f.return_id = r.id
      WHERE r.organization_id = ${organizationId}::uuid AND r.order_id = ${orderId}::uuid`;
    return rows.map((row) => ({ id: row.id, total: new Decimal(row.total), refunded: new Decimal(row.refunded) }));
  }
}

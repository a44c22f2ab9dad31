import { Prisma } from '../../../generated/prisma/client';
import { must, type Invariant } from '../invariant';

/** What is derived says what it is derived from, and documents that belong together are in one currency. */
export const settlementInvariants: readonly Invariant[] = [
  {
    id: 'INV-8.payment-status',
    description: "An order's paymentStatus follows from what it costs, what was paid and what was refunded",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`o.payment_status = CASE
          WHEN o.refunded_amount <> 0 THEN CASE WHEN o.refunded_amount >= o.paid_amount THEN 'refunded' ELSE 'partially_refunded' END
          WHEN o.paid_amount = 0 THEN CASE WHEN m.costs = 0 THEN 'paid' ELSE 'unpaid' END
          WHEN o.paid_amount >= m.due THEN 'paid'
          ELSE 'partially_paid' END`,
        Prisma.sql`'orderId', o.id, 'paymentStatus', o.payment_status, 'costs', m.costs::text, 'due', m.due::text, 'paid', o.paid_amount::text, 'refunded', o.refunded_amount::text`,
      )}
      FROM orders o
      CROSS JOIN LATERAL (
        SELECT CASE WHEN o.status = 'cancelled' THEN o.total ELSE o.total - o.cancelled_amount END AS costs,
          CASE WHEN o.status = 'cancelled' THEN o.total ELSE o.total - o.cancelled_amount - (o.returned_amount - o.return_refunded_amount) END AS due) m
      WHERE o.organization_id = ${organization}`,
  },
  {
    id: 'INV-8.fulfilment-status',
    description: "An order's fulfilmentStatus follows from what of its lines was shipped, cancelled and returned",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`o.fulfilment_status = CASE
          WHEN l.shipped IS NOT TRUE THEN 'unfulfilled'
          WHEN NOT l.returned THEN CASE WHEN l.open THEN 'partial' ELSE 'fulfilled' END
          WHEN l.open OR l.kept THEN 'partially_returned'
          ELSE 'returned' END`,
        Prisma.sql`'orderId', o.id, 'fulfilmentStatus', o.fulfilment_status, 'shipped', l.shipped, 'returned', l.returned, 'open', l.open, 'kept', l.kept`,
      )}
      FROM orders o
      LEFT JOIN (SELECT order_id, bool_or(shipped_quantity <> 0) AS shipped, bool_or(returned_quantity <> 0) AS returned,
                   bool_or(quantity - shipped_quantity - cancelled_quantity <> 0) AS open, bool_or(returned_quantity <> shipped_quantity) AS kept
                 FROM order_lines WHERE organization_id = ${organization} GROUP BY order_id) l ON l.order_id = o.id
      WHERE o.organization_id = ${organization}`,
  },
  {
    id: 'PAY-1',
    description: "A payment's status says how much of it was refunded: nothing, some, or all",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`CASE p.status
          WHEN 'refunded' THEN p.refunded_amount = p.amount AND p.amount > 0
          WHEN 'partially_refunded' THEN p.refunded_amount > 0 AND p.refunded_amount < p.amount
          ELSE p.refunded_amount = 0 END`,
        Prisma.sql`'paymentId', p.id, 'orderId', p.order_id, 'status', p.status, 'amount', p.amount::text, 'refunded', p.refunded_amount::text`,
      )}
      FROM payments p WHERE p.organization_id = ${organization}`,
  },
  {
    id: 'MON-9',
    description: 'Payments and returns are in the currency of their order, refunds in that of their order, payment and return',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`d.currency = d.other`,
        Prisma.sql`'kind', d.kind, 'id', d.id, 'currency', d.currency, 'of', d.of, 'otherCurrency', d.other`,
      )}
      FROM (
        SELECT 'payment' AS kind, p.id, p.currency, 'order' AS of, o.currency AS other
        FROM payments p JOIN orders o ON o.organization_id = ${organization} AND o.id = p.order_id WHERE p.organization_id = ${organization}
        UNION ALL SELECT 'return', r.id, r.currency, 'order', o.currency
        FROM returns r JOIN orders o ON o.organization_id = ${organization} AND o.id = r.order_id WHERE r.organization_id = ${organization}
        UNION ALL SELECT 'refund', f.id, f.currency, 'order', o.currency
        FROM refunds f JOIN orders o ON o.organization_id = ${organization} AND o.id = f.order_id WHERE f.organization_id = ${organization}
        UNION ALL SELECT 'refund', f.id, f.currency, 'payment', p.currency
        FROM refunds f JOIN payments p ON p.organization_id = ${organization} AND p.id = f.payment_id WHERE f.organization_id = ${organization}
        UNION ALL SELECT 'refund', f.id, f.currency, 'return', r.currency
        FROM refunds f JOIN returns r ON r.organization_id = ${organization} AND r.id = f.return_id WHERE f.organization_id = ${organization}
      ) d`,
  },
];

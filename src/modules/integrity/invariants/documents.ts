import { Prisma } from '../../../generated/prisma/client';
import { must, type Invariant } from '../invariant';

/** Payments that brought money. */
const RECEIVED = Prisma.sql`('succeeded', 'partially_refunded', 'refunded')`;

export const documentInvariants: readonly Invariant[] = [
  {
    id: 'INV-7.orders',
    description: "An order's amounts are the sums of its lines' stored parts (MON-4), and a placed order has lines",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`o.subtotal = coalesce(l.gross, 0) AND o.discount_total = coalesce(l.discount, 0) AND o.tax_total = coalesce(l.tax, 0)
          AND o.tax_included = coalesce(l.tax_included, 0) AND o.total = coalesce(l.total, 0) + o.shipping_amount
          AND o.total = o.subtotal - o.discount_total + o.shipping_amount + o.tax_total - o.tax_included
          AND (o.status = 'draft' OR l.order_id IS NOT NULL)`,
        Prisma.sql`'orderId', o.id, 'subtotal', o.subtotal::text, 'discountTotal', o.discount_total::text, 'shippingAmount', o.shipping_amount::text, 'taxTotal', o.tax_total::text,
          'total', o.total::text, 'lines', jsonb_build_object('gross', l.gross::text, 'discount', l.discount::text, 'tax', l.tax::text, 'total', l.total::text)`,
      )}
      FROM orders o
      LEFT JOIN (SELECT order_id, sum(gross) AS gross, sum(discount_amount + document_discount) AS discount, sum(tax_amount) AS tax,
                   coalesce(sum(tax_amount) FILTER (WHERE tax_inclusive), 0) AS tax_included, sum(total) AS total
                 FROM order_lines WHERE organization_id = ${organization} GROUP BY order_id) l ON l.order_id = o.id
      WHERE o.organization_id = ${organization}`,
  },
  {
    id: 'INV-7.lines',
    description:
      "A line's gross is its entered quantity times its unit price, rounded once (MON-3); its total is gross less discounts plus exclusive tax; its quantity is the entered one in the stock unit (QTY-1)",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`l.gross = round(l.entered_quantity * l.unit_price, currency_minor_units(o.currency))
          AND l.total = l.gross - l.discount_amount - l.document_discount + CASE WHEN l.tax_inclusive THEN 0 ELSE l.tax_amount END
          AND l.quantity = round(l.entered_quantity * l.unit_factor / l.stock_unit_factor, 6) AND l.total >= 0`,
        Prisma.sql`'orderId', l.order_id, 'orderLineId', l.id, 'quantity', l.quantity::text, 'enteredQuantity', l.entered_quantity::text, 'unitPrice', l.unit_price::text,
          'gross', l.gross::text, 'taxAmount', l.tax_amount::text, 'total', l.total::text`,
      )}
      FROM order_lines l
      LEFT JOIN orders o ON o.organization_id = ${organization} AND o.id = l.order_id
      WHERE l.organization_id = ${organization}`,
  },
  {
    id: 'INV-7.returns',
    description: "A return's total and tax are the sums of its lines",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`r.total = l.total AND r.tax_total = l.tax`,
        Prisma.sql`'returnId', r.id, 'total', r.total::text, 'taxTotal', r.tax_total::text, 'lines', jsonb_build_object('total', l.total::text, 'tax', l.tax::text)`,
      )}
      FROM returns r
      LEFT JOIN (SELECT return_id, sum(total) AS total, sum(tax_amount) AS tax FROM return_lines WHERE organization_id = ${organization} GROUP BY return_id) l
        ON l.return_id = r.id
      WHERE r.organization_id = ${organization}`,
  },
  {
    id: 'INV-8.lines',
    description:
      'Shipped + cancelled ≤ ordered, returned ≤ shipped (ORD-3), and both are the sums of the shipments and returns that name the line (shipments of imported orders are not on record)',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`l.shipped_quantity >= 0 AND l.cancelled_quantity >= 0 AND l.shipped_quantity + l.cancelled_quantity <= l.quantity
          AND l.returned_quantity BETWEEN 0 AND l.shipped_quantity
          AND CASE WHEN o.imported THEN coalesce(s.quantity, 0) <= l.shipped_quantity ELSE coalesce(s.quantity, 0) = l.shipped_quantity END
          AND l.returned_quantity = coalesce(r.quantity, 0)`,
        Prisma.sql`'orderId', l.order_id, 'orderLineId', l.id, 'ordered', l.quantity::text, 'shipped', l.shipped_quantity::text, 'cancelled', l.cancelled_quantity::text,
          'returned', l.returned_quantity::text, 'inShipments', s.quantity::text, 'inReturns', r.quantity::text`,
      )}
      FROM order_lines l
      LEFT JOIN orders o ON o.organization_id = ${organization} AND o.id = l.order_id
      LEFT JOIN (SELECT order_line_id, sum(quantity) AS quantity FROM shipment_lines WHERE organization_id = ${organization} GROUP BY order_line_id) s ON s.order_line_id = l.id
      LEFT JOIN (SELECT order_line_id, sum(quantity) AS quantity FROM return_lines WHERE organization_id = ${organization} AND order_line_id IS NOT NULL
                 GROUP BY order_line_id) r ON r.order_line_id = l.id
      WHERE l.organization_id = ${organization}`,
  },
  {
    id: 'INV-8.orders',
    description:
      'Refunded ≤ paid ≤ total, and what was paid, refunded, refunded for returns, returned and cancelled are the sums of the payments, refunds, returns and cancelled units on record (ORD-6, ORD-12)',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`o.refunded_amount BETWEEN 0 AND o.paid_amount AND o.paid_amount <= o.total AND o.return_refunded_amount <= o.returned_amount
          AND o.paid_amount = coalesce(p.amount, 0) AND o.refunded_amount = coalesce(f.amount, 0) AND o.return_refunded_amount = coalesce(f.for_returns, 0)
          AND o.returned_amount = coalesce(r.total, 0) AND o.returned_tax = coalesce(r.tax, 0)
          AND CASE WHEN o.status = 'cancelled' THEN o.cancelled_amount = o.total AND o.cancelled_tax = o.tax_total
                ELSE o.cancelled_amount = coalesce(l.cancelled, 0) AND o.cancelled_tax = coalesce(l.cancelled_tax, 0) END`,
        Prisma.sql`'orderId', o.id, 'total', o.total::text, 'cancelled', o.cancelled_amount::text, 'returned', o.returned_amount::text, 'paid', o.paid_amount::text,
          'refunded', o.refunded_amount::text, 'refundedForReturns', o.return_refunded_amount::text, 'payments', p.amount::text, 'refunds', f.amount::text,
          'refundsForReturns', f.for_returns::text, 'returns', r.total::text`,
      )}
      FROM orders o
      LEFT JOIN (SELECT order_id, sum(amount) AS amount FROM payments WHERE organization_id = ${organization} AND status IN ${RECEIVED} GROUP BY order_id) p
        ON p.order_id = o.id
      LEFT JOIN (SELECT order_id, sum(amount) AS amount, sum(amount) FILTER (WHERE return_id IS NOT NULL) AS for_returns
                 FROM refunds WHERE organization_id = ${organization} AND status = 'succeeded' GROUP BY order_id) f ON f.order_id = o.id
      LEFT JOIN (SELECT order_id, sum(total) AS total, sum(tax_total) AS tax FROM returns WHERE organization_id = ${organization} GROUP BY order_id) r
        ON r.order_id = o.id
      LEFT JOIN LATERAL (
        SELECT sum(l.total - round(l.total * (l.quantity - l.cancelled_quantity) / l.quantity, currency_minor_units(o.currency))) AS cancelled,
          sum(l.tax_amount - round(l.tax_amount * (l.quantity - l.cancelled_quantity) / l.quantity, currency_minor_units(o.currency))) AS cancelled_tax
        FROM order_lines l WHERE l.organization_id = ${organization} AND l.order_id = o.id AND l.cancelled_quantity > 0) l ON true
      WHERE o.organization_id = ${organization}`,
  },
  {
    id: 'INV-8.payments',
    description: "A payment's refunded amount is the sum of its succeeded refunds, never more than the payment (PAY-1)",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`p.refunded_amount = coalesce(r.amount, 0) AND p.refunded_amount BETWEEN 0 AND p.amount`,
        Prisma.sql`'paymentId', p.id, 'amount', p.amount::text, 'refunded', p.refunded_amount::text, 'refunds', r.amount::text`,
      )}
      FROM payments p
      LEFT JOIN (SELECT payment_id, sum(amount) AS amount FROM refunds WHERE organization_id = ${organization} AND status = 'succeeded' GROUP BY payment_id) r
        ON r.payment_id = p.id
      WHERE p.organization_id = ${organization}`,
  },
  {
    id: 'INV-9',
    description: 'No order or return number, SKU (without case), barcode or customer e-mail is used twice',
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(Prisma.sql`count(*) = 1`, Prisma.sql`'kind', kind, 'ids', (array_agg(id))[1:5]`)}
      FROM (
        SELECT 'order number' AS kind, number AS value, id FROM orders WHERE organization_id = ${organization} AND number IS NOT NULL
        UNION ALL SELECT 'return number', number, id FROM returns WHERE organization_id = ${organization}
        UNION ALL SELECT 'SKU', lower(sku), id FROM products WHERE organization_id = ${organization}
        UNION ALL SELECT 'barcode', barcode, id FROM products WHERE organization_id = ${organization} AND barcode IS NOT NULL
        UNION ALL SELECT 'customer e-mail', lower(email), id FROM customers WHERE organization_id = ${organization} AND email IS NOT NULL
      ) names
      GROUP BY kind, value`,
  },
  {
    id: 'CAT-2',
    description: "A category's level and path follow from its parent's",
    rows: ({ organization }) => Prisma.sql`
      SELECT ${must(
        Prisma.sql`c.level = coalesce(p.level, 0) + 1 AND c.path = coalesce(p.path, '') || c.id || '/' AND (c.parent_id IS NULL) = (p.id IS NULL)`,
        Prisma.sql`'categoryId', c.id, 'parentId', c.parent_id, 'level', c.level, 'path', c.path`,
      )}
      FROM categories c
      LEFT JOIN categories p ON p.organization_id = ${organization} AND p.id = c.parent_id
      WHERE c.organization_id = ${organization}`,
  },
];

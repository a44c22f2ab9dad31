-- Half a cent of a line that was cancelled in part was rounded up, and once more when the rest came back: together a cent more than the line.
-- What is cancelled is now what the rounded share of the units not cancelled leaves, as cancelledShare() in src/modules/orders/domain/order-money.ts
-- has it. Whether the orders are paid follows (paymentStatus() in order-status.ts). Only rows that say something else are touched; a cancelled
-- order is cancelled whole. Row-level security binds the owner too, so one organization after the other.
DO $$ DECLARE organization uuid; BEGIN
  FOR organization IN SELECT id FROM organizations LOOP
    PERFORM set_config('app.organization_id', organization::text, true);
    UPDATE orders o SET cancelled_amount = c.amount, cancelled_tax = c.tax,
        payment_status = CASE
          WHEN o.refunded_amount > 0 THEN CASE WHEN o.refunded_amount >= o.paid_amount THEN 'refunded' ELSE 'partially_refunded' END
          WHEN o.paid_amount = 0 THEN CASE WHEN o.total = c.amount THEN 'paid' ELSE 'unpaid' END
          WHEN o.paid_amount >= o.total - c.amount - (o.returned_amount - o.return_refunded_amount) THEN 'paid'
          ELSE 'partially_paid' END
      FROM (
        SELECT l.order_id,
          sum(l.total - round(l.total * (l.quantity - l.cancelled_quantity) / l.quantity, currency_minor_units(o.currency))) AS amount,
          sum(l.tax_amount - round(l.tax_amount * (l.quantity - l.cancelled_quantity) / l.quantity, currency_minor_units(o.currency))) AS tax
        FROM order_lines l JOIN orders o ON o.organization_id = organization AND o.id = l.order_id
        WHERE l.organization_id = organization AND l.cancelled_quantity > 0 AND o.status <> 'cancelled'
        GROUP BY l.order_id) c
      WHERE o.organization_id = organization AND o.id = c.order_id AND (o.cancelled_amount, o.cancelled_tax) <> (c.amount, c.tax);
  END LOOP;
  PERFORM set_config('app.organization_id', '', true);
END $$;

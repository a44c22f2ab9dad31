-- Orders that were cancelled, whole or in part, before an order said what was cancelled of it: they owe nothing for that, as cancelledOf() in
-- src/modules/orders/domain/order-money.ts has it. Whether they are paid follows (paymentStatus() in order-status.ts). Only rows that say
-- something else are touched. Row-level security binds the owner too, so one organization after the other.
DO $$ DECLARE organization uuid; BEGIN
  FOR organization IN SELECT id FROM organizations LOOP
    PERFORM set_config('app.organization_id', organization::text, true);
    UPDATE orders o SET cancelled_amount = c.amount, cancelled_tax = c.tax,
        payment_status = CASE
          WHEN o.refunded_amount > 0 THEN CASE WHEN o.refunded_amount >= o.paid_amount THEN 'refunded' ELSE 'partially_refunded' END
          WHEN o.paid_amount = 0 THEN CASE WHEN c.remaining = 0 THEN 'paid' ELSE 'unpaid' END
          WHEN o.paid_amount >= c.remaining - (o.returned_amount - o.return_refunded_amount) THEN 'paid'
          ELSE 'partially_paid' END
      FROM (
        -- Nobody has paid a cancelled order by its being cancelled: for that all of it remains.
        SELECT o.id, s.amount, s.tax, CASE WHEN o.status = 'cancelled' THEN o.total ELSE o.total - s.amount END AS remaining
        FROM orders o
        LEFT JOIN LATERAL (
          SELECT sum(round(l.total * l.cancelled_quantity / l.quantity, currency_minor_units(o.currency))) AS amount,
            sum(round(l.tax_amount * l.cancelled_quantity / l.quantity, currency_minor_units(o.currency))) AS tax
          FROM order_lines l WHERE l.organization_id = organization AND l.order_id = o.id AND l.cancelled_quantity > 0) l ON true
        CROSS JOIN LATERAL (
          SELECT CASE WHEN o.status = 'cancelled' THEN o.total ELSE coalesce(l.amount, 0) END AS amount,
            CASE WHEN o.status = 'cancelled' THEN o.tax_total ELSE coalesce(l.tax, 0) END AS tax) s
        WHERE o.organization_id = organization AND (o.cancelled_amount, o.cancelled_tax) <> (s.amount, s.tax)) c
      WHERE o.organization_id = organization AND o.id = c.id;
  END LOOP;
  PERFORM set_config('app.organization_id', '', true);
END $$;

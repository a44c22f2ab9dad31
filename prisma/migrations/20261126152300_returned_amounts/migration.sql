-- Goods that came back are no longer owed: an order says what its returns came to, and what of its refunds paid them back. The tax inside
-- what was cancelled or came back tells how much of it was a sale. An order that was paid for keeps its customer.

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "cancelled_tax" DECIMAL(19,4) NOT NULL DEFAULT 0,
ADD COLUMN     "return_refunded_amount" DECIMAL(19,4) NOT NULL DEFAULT 0,
ADD COLUMN     "returned_amount" DECIMAL(19,4) NOT NULL DEFAULT 0,
ADD COLUMN     "returned_tax" DECIMAL(19,4) NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION is_sound(o orders) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE broken text := CASE
  WHEN 'NaN' IN (o.subtotal, o.discount_total, o.shipping_amount, o.tax_total, o.tax_included, o.total, o.paid_amount, o.refunded_amount, o.cancelled_amount, o.cancelled_tax,
      o.returned_amount, o.returned_tax, o.return_refunded_amount)
    OR 'NaN' = o.discount_percent OR 'NaN' = o.discount_amount THEN 'orders_no_nan_check'
  WHEN o.status NOT IN ('draft', 'pending', 'confirmed', 'processing', 'shipped', 'delivered', 'completed', 'cancelled', 'refunded') THEN 'orders_status_check'
  WHEN o.fulfilment_status NOT IN ('unfulfilled', 'partial', 'fulfilled', 'partially_returned', 'returned') THEN 'orders_fulfilment_status_check'
  WHEN o.payment_status NOT IN ('unpaid', 'partially_paid', 'paid', 'partially_refunded', 'refunded') THEN 'orders_payment_status_check'
  WHEN o.status <> 'draft' AND (o.number IS NULL OR o.ordered_at IS NULL) THEN 'orders_placed_check'
  WHEN o.discount_percent IS NOT NULL AND o.discount_amount IS NOT NULL THEN 'orders_one_discount_form_check'
  WHEN o.discount_percent NOT BETWEEN 0 AND 100 OR o.discount_amount < 0 THEN 'orders_discount_check'
  WHEN NOT (o.subtotal >= 0 AND o.discount_total BETWEEN 0 AND o.subtotal AND o.shipping_amount >= 0 AND o.tax_included BETWEEN 0 AND o.tax_total AND o.total >= 0)
    THEN 'orders_amounts_check'
  WHEN o.total <> o.subtotal - o.discount_total + o.shipping_amount + o.tax_total - o.tax_included THEN 'orders_total_check'
  WHEN NOT (o.paid_amount BETWEEN 0 AND o.total) THEN 'orders_paid_check'
  WHEN NOT (o.cancelled_amount BETWEEN 0 AND o.total AND o.cancelled_tax BETWEEN 0 AND o.tax_total) THEN 'orders_cancelled_amount_check'
  WHEN NOT (o.returned_amount BETWEEN 0 AND o.total AND o.returned_tax BETWEEN 0 AND o.tax_total) THEN 'orders_returned_amount_check'
  WHEN NOT (o.refunded_amount BETWEEN 0 AND o.paid_amount AND o.return_refunded_amount BETWEEN 0 AND least(o.refunded_amount, o.returned_amount)) THEN 'orders_refunded_check'
  WHEN o.status = 'refunded' AND NOT (o.paid_amount > 0 AND o.refunded_amount = o.paid_amount) THEN 'orders_refunded_in_full_check'
  WHEN o.currency !~ '^[A-Z]{3}$' THEN 'orders_currency_check' END;
BEGIN RETURN broken IS NULL OR assert_sound('orders', broken); END $$;

-- What is there says it already. Row-level security binds the owner too, so one organization after the other.
DO $$ DECLARE organization uuid; BEGIN
  FOR organization IN SELECT id FROM organizations LOOP
    PERFORM set_config('app.organization_id', organization::text, true);
    UPDATE orders o SET cancelled_tax = CASE WHEN o.status = 'cancelled' THEN o.tax_total ELSE (
        SELECT coalesce(sum(round(l.tax_amount * l.cancelled_quantity / l.quantity, currency_minor_units(o.currency))), 0) FROM order_lines l
        WHERE l.organization_id = organization AND l.order_id = o.id AND l.cancelled_quantity > 0) END
      WHERE o.organization_id = organization AND o.cancelled_amount > 0;
    UPDATE orders o SET returned_amount = r.total, returned_tax = r.tax, return_refunded_amount = (
        SELECT coalesce(sum(f.amount), 0) FROM refunds f
        WHERE f.organization_id = organization AND f.order_id = o.id AND f.return_id IS NOT NULL AND f.status = 'succeeded')
      FROM (SELECT order_id, sum(total) AS total, sum(tax_total) AS tax FROM returns WHERE organization_id = organization AND order_id IS NOT NULL GROUP BY order_id) r
      WHERE o.organization_id = organization AND o.id = r.order_id;
    UPDATE orders o SET payment_status = 'paid'
      WHERE o.organization_id = organization AND o.payment_status = 'partially_paid' AND o.status <> 'cancelled'
        AND o.paid_amount >= o.total - o.cancelled_amount - (o.returned_amount - o.return_refunded_amount);
  END LOOP;
  PERFORM set_config('app.organization_id', '', true);
END $$;

-- PAY-1, ORD-6, ORD-12: whoever writes a payment, a refund or a return, at COMMIT the sums are what order and payment say. Imported documents
-- come in their thousands with their order in one statement and are never changed: the integrity check looks at them.
CREATE OR REPLACE FUNCTION assert_money_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
  IF NEW.order_id IS NOT NULL THEN
    SELECT 'orders_money_adds_up_check' INTO broken
      FROM orders o,
        LATERAL (SELECT coalesce(sum(p.amount), 0) AS paid FROM payments p
          WHERE p.organization_id = NEW.organization_id AND p.order_id = NEW.order_id AND p.status IN ('succeeded', 'partially_refunded', 'refunded')) p,
        LATERAL (SELECT coalesce(sum(r.amount), 0) AS refunded, coalesce(sum(r.amount) FILTER (WHERE r.return_id IS NOT NULL), 0) AS for_returns FROM refunds r
          WHERE r.organization_id = NEW.organization_id AND r.order_id = NEW.order_id AND r.status = 'succeeded') f,
        LATERAL (SELECT coalesce(sum(r.total), 0) AS total, coalesce(sum(r.tax_total), 0) AS tax FROM returns r
          WHERE r.organization_id = NEW.organization_id AND r.order_id = NEW.order_id) r
      WHERE o.organization_id = NEW.organization_id AND o.id = NEW.order_id
        AND (o.paid_amount, o.refunded_amount, o.return_refunded_amount, o.returned_amount, o.returned_tax) <> (p.paid, f.refunded, f.for_returns, r.total, r.tax);
  END IF;
  IF broken IS NULL AND TG_TABLE_NAME = 'refunds' THEN
    IF NEW.payment_id IS NOT NULL THEN
      SELECT 'payments_refunds_add_up_check' INTO broken FROM payments p
        WHERE p.organization_id = NEW.organization_id AND p.id = NEW.payment_id
          AND p.refunded_amount <> (SELECT coalesce(sum(r.amount), 0) FROM refunds r
                WHERE r.organization_id = NEW.organization_id AND r.payment_id = NEW.payment_id AND r.status = 'succeeded');
    END IF;
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'violates check constraint "%"', broken USING ERRCODE = '23514', TABLE = TG_TABLE_NAME, CONSTRAINT = broken;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER returns_add_up AFTER INSERT OR UPDATE ON returns DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NOT NEW.imported) EXECUTE FUNCTION assert_money_adds_up();

-- ORD-12: the limit of a customer who has one, with the customer's row locked as a guard, and what the customer's orders still owe: of each
-- total − cancelled − (returned − refunded for returns) − paid, where that is more than nothing. Empty for everybody else, who wait for nobody.
-- Each statement of a function sees what was committed before it, so the sum is read under the lock.
CREATE OR REPLACE FUNCTION guard_customer_credit(organization uuid, customer uuid) RETURNS TABLE (credit_limit numeric, owed numeric, currency text) LANGUAGE plpgsql AS $$
BEGIN
  SELECT c.credit_limit INTO guard_customer_credit.credit_limit FROM customers c
    WHERE c.organization_id = organization AND c.id = customer AND c.credit_limit IS NOT NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT o.currency INTO guard_customer_credit.currency FROM organizations o WHERE o.id = organization;
  SELECT coalesce(sum(greatest(o.total - o.cancelled_amount - (o.returned_amount - o.return_refunded_amount) - o.paid_amount, 0)), 0) INTO guard_customer_credit.owed
    FROM orders o
    WHERE o.organization_id = organization AND o.customer_id = customer AND o.currency = guard_customer_credit.currency
      AND o.status NOT IN ('draft', 'cancelled', 'refunded') AND o.paid_amount < o.total - o.cancelled_amount;
  RETURN NEXT;
END $$;

-- What was paid is in the account of the order's customer, so the order stays there too.
CREATE FUNCTION orders_keep_payer() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'violates check constraint "orders_payer_check": an order that was paid for keeps its customer' USING ERRCODE = '23514', CONSTRAINT = 'orders_payer_check', TABLE = 'orders';
END $$;
CREATE TRIGGER orders_keep_payer BEFORE UPDATE OF customer_id ON orders FOR EACH ROW
  WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id AND OLD.paid_amount > 0) EXECUTE FUNCTION orders_keep_payer();

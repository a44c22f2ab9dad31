-- Money of orders: what was cancelled is no longer owed; payments and refunds add up to what the order says; credit limits; goods that
-- come back at their own cost.

-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "cancelled_amount" DECIMAL(19,4) NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION is_sound(o orders) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE broken text := CASE
  WHEN 'NaN' IN (o.subtotal, o.discount_total, o.shipping_amount, o.tax_total, o.tax_included, o.total, o.paid_amount, o.refunded_amount)
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
  WHEN 'NaN' = o.cancelled_amount OR NOT (o.cancelled_amount BETWEEN 0 AND o.total) THEN 'orders_cancelled_amount_check'
  WHEN NOT (o.refunded_amount BETWEEN 0 AND o.paid_amount) THEN 'orders_refunded_check'
  WHEN o.status = 'refunded' AND NOT (o.paid_amount > 0 AND o.refunded_amount = o.paid_amount) THEN 'orders_refunded_in_full_check'
  WHEN o.currency !~ '^[A-Z]{3}$' THEN 'orders_currency_check' END;
BEGIN RETURN broken IS NULL OR assert_sound('orders', broken); END $$;

-- PAY-1, ORD-6, ORD-12: whoever writes a payment or refund, at COMMIT the sums are what order and payment say. Imported documents come in
-- their thousands with their order in one statement and are never changed: the integrity check looks at them.
CREATE FUNCTION assert_money_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE broken text;
BEGIN
  IF NEW.order_id IS NOT NULL THEN
    SELECT 'orders_money_adds_up_check' INTO broken FROM orders o
      WHERE o.organization_id = NEW.organization_id AND o.id = NEW.order_id
        AND (o.paid_amount <> (SELECT coalesce(sum(p.amount), 0) FROM payments p
               WHERE p.organization_id = NEW.organization_id AND p.order_id = NEW.order_id AND p.status IN ('succeeded', 'partially_refunded', 'refunded'))
          OR o.refunded_amount <> (SELECT coalesce(sum(r.amount), 0) FROM refunds r
               WHERE r.organization_id = NEW.organization_id AND r.order_id = NEW.order_id AND r.status = 'succeeded'));
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
CREATE CONSTRAINT TRIGGER payments_add_up AFTER INSERT OR UPDATE ON payments DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NOT NEW.imported) EXECUTE FUNCTION assert_money_adds_up();
CREATE CONSTRAINT TRIGGER refunds_add_up AFTER INSERT OR UPDATE ON refunds DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NOT NEW.imported) EXECUTE FUNCTION assert_money_adds_up();

-- ORD-12: the limit of a customer who has one, with the customer's row locked as a guard, and what the customer's orders still owe. Empty for
-- everybody else, who wait for nobody. Each statement of a function sees what was committed before it, so the sum is read under the lock.
CREATE FUNCTION guard_customer_credit(organization uuid, customer uuid) RETURNS TABLE (credit_limit numeric, owed numeric, currency text) LANGUAGE plpgsql AS $$
BEGIN
  SELECT c.credit_limit INTO guard_customer_credit.credit_limit FROM customers c
    WHERE c.organization_id = organization AND c.id = customer AND c.credit_limit IS NOT NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN; END IF;
  SELECT o.currency INTO guard_customer_credit.currency FROM organizations o WHERE o.id = organization;
  SELECT coalesce(sum(o.total - o.cancelled_amount - o.paid_amount), 0) INTO guard_customer_credit.owed FROM orders o
    WHERE o.organization_id = organization AND o.customer_id = customer AND o.currency = guard_customer_credit.currency
      AND o.status NOT IN ('draft', 'cancelled', 'refunded') AND o.paid_amount < o.total - o.cancelled_amount;
  RETURN NEXT;
END $$;

-- The inserter gives quantity and, for goods coming in, unit_cost; value, quantity_after and value_after are computed here under the
-- level's row lock. An issue takes round(value × q / Q); the one that empties the level takes all of it. Goods that come back or change
-- places bring the value they left with (VAL-4), and what is scrapped of them on arrival takes it away again: for these the inserter gives it.
CREATE OR REPLACE FUNCTION stock_movements_apply() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE level stock_levels; scale integer;
BEGIN
  SELECT * INTO level FROM stock_levels
    WHERE organization_id = NEW.organization_id AND product_id = NEW.product_id AND store_id = NEW.store_id FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    INSERT INTO stock_levels (organization_id, product_id, store_id, allows_backorder)
      SELECT organization_id, id, NEW.store_id, allows_backorder FROM products WHERE organization_id = NEW.organization_id AND id = NEW.product_id
      ON CONFLICT DO NOTHING;
    SELECT * INTO level FROM stock_levels
      WHERE organization_id = NEW.organization_id AND product_id = NEW.product_id AND store_id = NEW.store_id FOR NO KEY UPDATE;
  END IF;
  SELECT currency_minor_units(currency) INTO scale FROM organizations WHERE id = NEW.organization_id;
  IF NEW.kind = 'revaluation' THEN
    NEW.quantity := 0;
    NEW.unit_cost := 0;
  ELSIF NEW.value IS NOT NULL AND NEW.kind IN ('customer_return', 'transfer_in', 'scrap') AND sign(NEW.value) IN (0, sign(NEW.quantity)) THEN
    NEW.value := round(NEW.value, scale);
    NEW.unit_cost := round(NEW.value / NEW.quantity, 6);
  ELSIF NEW.quantity >= 0 THEN
    NEW.value := round(NEW.quantity * NEW.unit_cost, scale);
  ELSE
    NEW.value := CASE WHEN level.on_hand + NEW.quantity = 0 OR level.on_hand = 0 THEN -level.value ELSE round(level.value * NEW.quantity / level.on_hand, scale) END;
    NEW.unit_cost := round(NEW.value / NEW.quantity, 6);
  END IF;
  NEW.quantity_after := level.on_hand + NEW.quantity;
  NEW.value_after := level.value + NEW.value;
  UPDATE stock_levels SET on_hand = NEW.quantity_after, value = NEW.value_after, updated_at = now()
    WHERE organization_id = NEW.organization_id AND product_id = NEW.product_id AND store_id = NEW.store_id;
  RETURN NEW;
END $$;

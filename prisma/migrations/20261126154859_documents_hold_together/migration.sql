-- What a mistake in the application could write, and no rule here refused (docs/adr/0016-what-the-database-holds.md: what is held here, what
-- by the integrity check, and why). Nothing new runs when an order is placed.

-- CHECKs are added NOT VALID, since looking at every movement there ever was would hold them all up; a later migration looks.

-- ── Movements go the way their kind says, and goods cost something or nothing (STK-2) ──────────────────────────────────────────
ALTER TABLE stock_movements
  ADD CONSTRAINT stock_movements_direction_check CHECK (CASE
    WHEN kind IN ('receipt', 'customer_return', 'transfer_in', 'issue_return') THEN quantity > 0
    WHEN kind IN ('shipment', 'sale', 'vendor_return', 'transfer_out', 'issue', 'scrap') THEN quantity < 0
    WHEN kind = 'revaluation' THEN quantity = 0
    ELSE true END) NOT VALID,
  ADD CONSTRAINT stock_movements_cost_check CHECK (unit_cost >= 0 AND (kind = 'revaluation' OR sign(value) IN (0, sign(quantity)))) NOT VALID;

-- PAY-1
ALTER TABLE payments ADD CONSTRAINT payments_refunded_check CHECK (CASE status
  WHEN 'refunded' THEN refunded_amount = amount
  WHEN 'partially_refunded' THEN refunded_amount > 0 AND refunded_amount < amount
  ELSE refunded_amount = 0 END) NOT VALID;

-- ── What never changes can't be changed: a column that shall change is granted by name ──────────────────────────────────────────
DO $$ DECLARE t record; BEGIN
  FOR t IN SELECT * FROM (VALUES
    ('orders', '{organization_id,id,imported,created_by,created_at}'::text[]),
    ('order_lines', '{organization_id,id,order_id,product_id}')) AS fixed (name, columns)
  LOOP
    EXECUTE format('REVOKE UPDATE ON %I FROM quartermaster_runtime', t.name);
    EXECUTE format('GRANT UPDATE (%s) ON %I TO quartermaster_runtime',
      (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
       WHERE attrelid = t.name::regclass AND attnum > 0 AND NOT attisdropped AND NOT attname = ANY (t.columns)), t.name);
  END LOOP;
END $$;
REVOKE UPDATE ON stock_reservations, payments, refunds, shipments FROM quartermaster_runtime;
GRANT UPDATE (quantity, open_quantity, status, expires_at) ON stock_reservations TO quartermaster_runtime;
GRANT UPDATE (status, refunded_amount) ON payments TO quartermaster_runtime;
GRANT UPDATE (status) ON refunds TO quartermaster_runtime;
GRANT UPDATE (carrier, tracking_number) ON shipments TO quartermaster_runtime;

-- ── Stock that is promised: what is reserved goes down with a reservation, and in no other way (STK-9) ──────────────────────────
CREATE FUNCTION stock_reservations_give_back() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
  UPDATE stock_levels SET reserved = reserved - (OLD.open_quantity - NEW.open_quantity), updated_at = now()
    WHERE organization_id = OLD.organization_id AND product_id = OLD.product_id AND store_id = OLD.store_id;
  RETURN NULL;
END $$;
CREATE TRIGGER stock_reservations_give_back AFTER UPDATE OF open_quantity ON stock_reservations FOR EACH ROW
  WHEN (NEW.open_quantity < OLD.open_quantity) EXECUTE FUNCTION stock_reservations_give_back();

CREATE FUNCTION stock_levels_guard_reserved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'violates check constraint "stock_levels_given_back_check": what is reserved goes down with a reservation' USING ERRCODE = '23514', CONSTRAINT = 'stock_levels_given_back_check', TABLE = 'stock_levels';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER stock_levels_guard_reserved AFTER UPDATE OF reserved ON stock_levels FOR EACH ROW
  WHEN (NEW.reserved < OLD.reserved) EXECUTE FUNCTION stock_levels_guard_reserved();

CREATE FUNCTION stock_reservations_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'violates check constraint "stock_reservations_ended_check": an active reservation is released, not deleted' USING ERRCODE = '23514', CONSTRAINT = 'stock_reservations_ended_check', TABLE = 'stock_reservations';
END $$;
CREATE TRIGGER stock_reservations_guard_delete BEFORE DELETE ON stock_reservations FOR EACH ROW
  WHEN (OLD.status = 'active') EXECUTE FUNCTION stock_reservations_guard_delete();

-- STK-15. (Reservations keep their level by their foreign key.)
CREATE FUNCTION stock_levels_guard_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
  IF EXISTS (SELECT FROM stock_movements m WHERE m.organization_id = OLD.organization_id AND m.product_id = OLD.product_id AND m.store_id = OLD.store_id) THEN
    RAISE EXCEPTION 'violates check constraint "stock_levels_unmoved_check": a level with movements stays' USING ERRCODE = '23514', CONSTRAINT = 'stock_levels_unmoved_check', TABLE = 'stock_levels';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER stock_levels_guard_delete BEFORE DELETE ON stock_levels FOR EACH ROW EXECUTE FUNCTION stock_levels_guard_delete();

-- ── Lines: frozen when the order is on its way (ORD-2, ORD-9) ───────────────────────────────────────────────────────────────────
-- After, because a BEFORE trigger would be asked, and lock the row, at every change.
CREATE FUNCTION order_lines_guard_frozen() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
  IF EXISTS (SELECT FROM orders o WHERE o.organization_id = OLD.organization_id AND o.id = OLD.order_id AND o.status NOT IN ('draft', 'pending', 'confirmed')) THEN
    RAISE EXCEPTION 'violates check constraint "order_lines_frozen_check": the items of an order on its way stay as they are' USING ERRCODE = '23514', CONSTRAINT = 'order_lines_frozen_check', TABLE = 'order_lines';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER order_lines_guard_frozen AFTER UPDATE ON order_lines FOR EACH ROW
  WHEN ((OLD.order_id, OLD.line_number, OLD.product_id, OLD.sku, OLD.name, OLD.tracks_stock, OLD.quantity, OLD.entered_quantity, OLD.unit, OLD.unit_factor,
      OLD.stock_unit_factor, OLD.unit_is_whole, OLD.unit_price, OLD.unit_cost, OLD.gross, OLD.discount_percent, OLD.discount_amount, OLD.document_discount,
      OLD.tax_rate_id, OLD.tax_rate, OLD.tax_inclusive, OLD.tax_amount, OLD.total)
    IS DISTINCT FROM (NEW.order_id, NEW.line_number, NEW.product_id, NEW.sku, NEW.name, NEW.tracks_stock, NEW.quantity, NEW.entered_quantity, NEW.unit, NEW.unit_factor,
      NEW.stock_unit_factor, NEW.unit_is_whole, NEW.unit_price, NEW.unit_cost, NEW.gross, NEW.discount_percent, NEW.discount_amount, NEW.document_discount,
      NEW.tax_rate_id, NEW.tax_rate, NEW.tax_inclusive, NEW.tax_amount, NEW.total))
  EXECUTE FUNCTION order_lines_guard_frozen();
CREATE TRIGGER order_lines_guard_delete AFTER DELETE ON order_lines FOR EACH ROW EXECUTE FUNCTION order_lines_guard_frozen();

-- ── At COMMIT, an order whose amounts or lines changed is their sum, and a placed one has lines (MON-4) ─────────────────────────
-- Of thousands of lines each has its event, and the first asks for all of them: the order is remembered until the transaction ends, or until
-- a later statement changes lines again (after SET CONSTRAINTS IMMEDIATE it may).
CREATE FUNCTION assert_totals_add_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  changed uuid;
BEGIN
  IF TG_TABLE_NAME = 'orders' THEN
    changed := NEW.id;
  ELSIF current_setting('app.added_up', true) = OLD.order_id::text THEN
    RETURN NULL;
  ELSE
    changed := OLD.order_id;
    PERFORM set_config('app.added_up', changed::text, true);
  END IF;
  PERFORM FROM orders o, LATERAL (
      SELECT count(*) AS lines, coalesce(sum(gross), 0) AS gross, coalesce(sum(discount_amount + document_discount), 0) AS discount, coalesce(sum(tax_amount), 0) AS tax,
        coalesce(sum(tax_amount) FILTER (WHERE tax_inclusive), 0) AS included, coalesce(sum(total), 0) AS total
      FROM order_lines WHERE organization_id = OLD.organization_id AND order_id = changed) l
    WHERE o.organization_id = OLD.organization_id AND o.id = changed
      AND ((o.subtotal, o.discount_total, o.tax_total, o.tax_included, o.total) <> (l.gross, l.discount, l.tax, l.included, l.total + o.shipping_amount)
        OR (l.lines = 0 AND o.status <> 'draft'));
  IF FOUND THEN
    RAISE EXCEPTION 'violates check constraint "orders_lines_add_up_check": an order is the sum of its lines' USING ERRCODE = '23514', CONSTRAINT = 'orders_lines_add_up_check', TABLE = 'orders';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER orders_totals_add_up AFTER UPDATE OF status, subtotal, discount_total, shipping_amount, tax_total, tax_included, total ON orders
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.status = 'draft' AND NEW.status <> 'draft') OR (OLD.subtotal, OLD.discount_total, OLD.shipping_amount, OLD.tax_total, OLD.tax_included, OLD.total)
    IS DISTINCT FROM (NEW.subtotal, NEW.discount_total, NEW.shipping_amount, NEW.tax_total, NEW.tax_included, NEW.total))
  EXECUTE FUNCTION assert_totals_add_up();
CREATE CONSTRAINT TRIGGER order_lines_totals_add_up AFTER UPDATE OF gross, discount_amount, document_discount, tax_amount, tax_inclusive, total ON order_lines
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.gross, OLD.discount_amount, OLD.document_discount, OLD.tax_amount, OLD.tax_inclusive, OLD.total)
    IS DISTINCT FROM (NEW.gross, NEW.discount_amount, NEW.document_discount, NEW.tax_amount, NEW.tax_inclusive, NEW.total))
  EXECUTE FUNCTION assert_totals_add_up();
CREATE CONSTRAINT TRIGGER order_lines_deleted_add_up AFTER DELETE ON order_lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_totals_add_up();
CREATE FUNCTION forget_what_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM set_config('app.added_up', '', true);
  RETURN NULL;
END $$;
CREATE TRIGGER order_lines_forget_what_adds_up BEFORE DELETE OR UPDATE OF gross, discount_amount, document_discount, tax_amount, tax_inclusive, total ON order_lines
  FOR EACH STATEMENT EXECUTE FUNCTION forget_what_adds_up();

-- STK-9: nothing is held for an order that needs nothing any more.
CREATE FUNCTION assert_nothing_held() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM FROM order_lines l JOIN stock_reservations r ON r.organization_id = NEW.organization_id AND r.order_line_id = l.id
    WHERE l.organization_id = NEW.organization_id AND l.order_id = NEW.id AND r.status = 'active';
  IF FOUND THEN
    RAISE EXCEPTION 'violates check constraint "orders_nothing_held_check": stock is held for an order that is %', NEW.status USING ERRCODE = '23514', CONSTRAINT = 'orders_nothing_held_check', TABLE = 'orders';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER orders_nothing_held AFTER UPDATE OF status ON orders DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.status <> NEW.status AND NEW.status NOT IN ('draft', 'pending', 'confirmed', 'processing')) EXECUTE FUNCTION assert_nothing_held();

-- ── Shipments and returns: of lines of their own order, and what a line says was shipped and returned (ORD-3) ───────────────────
-- What was shipped of an imported order is not on record here.
CREATE INDEX "return_lines_order_line_idx" ON "return_lines"("organization_id", "order_line_id") WHERE (order_line_id IS NOT NULL);
CREATE FUNCTION assert_quantities_add_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  line order_lines;
  document_order uuid;
  broken text;
BEGIN
  IF TG_TABLE_NAME = 'order_lines' THEN
    SELECT * INTO line FROM order_lines l WHERE l.organization_id = NEW.organization_id AND l.id = NEW.id;
    IF NOT FOUND THEN RETURN NULL; END IF;
  ELSE
    SELECT * INTO line FROM order_lines l WHERE l.organization_id = NEW.organization_id AND l.id = NEW.order_line_id;
    IF TG_TABLE_NAME = 'shipment_lines' THEN
      SELECT s.order_id INTO document_order FROM shipments s WHERE s.organization_id = NEW.organization_id AND s.id = NEW.shipment_id;
    ELSE
      SELECT r.order_id INTO document_order FROM returns r WHERE r.organization_id = NEW.organization_id AND r.id = NEW.return_id;
    END IF;
    IF document_order IS DISTINCT FROM line.order_id THEN broken := 'order_lines_one_order_check'; END IF;
  END IF;
  IF broken IS NULL THEN
    SELECT CASE
        WHEN s.shipped > line.shipped_quantity OR (s.shipped < line.shipped_quantity AND NOT o.imported) THEN 'order_lines_shipments_add_up_check'
        WHEN r.returned <> line.returned_quantity THEN 'order_lines_returns_add_up_check' END INTO broken
      FROM orders o,
        LATERAL (SELECT coalesce(sum(quantity), 0) AS shipped FROM shipment_lines WHERE organization_id = NEW.organization_id AND order_line_id = line.id) s,
        LATERAL (SELECT coalesce(sum(quantity), 0) AS returned FROM return_lines WHERE organization_id = NEW.organization_id AND order_line_id = line.id) r
      WHERE o.organization_id = NEW.organization_id AND o.id = line.order_id;
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'violates check constraint "%"', broken USING ERRCODE = '23514', TABLE = 'order_lines', CONSTRAINT = broken;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER order_lines_quantities_add_up AFTER UPDATE OF shipped_quantity, returned_quantity ON order_lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.shipped_quantity, OLD.returned_quantity) IS DISTINCT FROM (NEW.shipped_quantity, NEW.returned_quantity)) EXECUTE FUNCTION assert_quantities_add_up();
CREATE CONSTRAINT TRIGGER shipment_lines_add_up AFTER INSERT ON shipment_lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION assert_quantities_add_up();
CREATE CONSTRAINT TRIGGER return_lines_add_up AFTER INSERT ON return_lines DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.order_line_id IS NOT NULL) EXECUTE FUNCTION assert_quantities_add_up();

-- ── Money (PAY-1, ORD-6, ORD-12, MON-9) ─────────────────────────────────────────────────────────────────────────────────────────
-- Whoever writes a payment, a refund or a return, or changes what an order says of them, at COMMIT the sums are what order and payment say; and
-- payment, return and refund are of that order and in its currency. Imported documents come in their thousands with their order in one
-- statement and are never changed: of them only the order is looked at, and the integrity check looks at the rest.
CREATE OR REPLACE FUNCTION assert_money_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  document_order uuid;
  document_currency text := NEW.currency;
  broken text;
BEGIN
  IF TG_TABLE_NAME = 'orders' THEN document_order := NEW.id; ELSE document_order := NEW.order_id; END IF;
  IF document_order IS NOT NULL THEN
    SELECT CASE WHEN o.currency <> document_currency OR p.other_currency THEN 'orders_one_currency_check' ELSE 'orders_money_adds_up_check' END INTO broken
      FROM orders o,
        LATERAL (SELECT coalesce(sum(p.amount), 0) AS paid, coalesce(bool_or(p.currency <> o.currency), false) AS other_currency FROM payments p
          WHERE p.organization_id = NEW.organization_id AND p.order_id = document_order AND p.status IN ('succeeded', 'partially_refunded', 'refunded')) p,
        LATERAL (SELECT coalesce(sum(r.amount), 0) AS refunded, coalesce(sum(r.amount) FILTER (WHERE r.return_id IS NOT NULL), 0) AS for_returns FROM refunds r
          WHERE r.organization_id = NEW.organization_id AND r.order_id = document_order AND r.status = 'succeeded') f,
        LATERAL (SELECT coalesce(sum(r.total), 0) AS total, coalesce(sum(r.tax_total), 0) AS tax FROM returns r
          WHERE r.organization_id = NEW.organization_id AND r.order_id = document_order) r
      WHERE o.organization_id = NEW.organization_id AND o.id = document_order
        AND (o.currency <> document_currency OR p.other_currency
          OR (o.paid_amount, o.refunded_amount, o.return_refunded_amount, o.returned_amount, o.returned_tax) <> (p.paid, f.refunded, f.for_returns, r.total, r.tax));
  END IF;
  IF broken IS NULL AND TG_TABLE_NAME = 'refunds' THEN
    IF NEW.payment_id IS NOT NULL THEN
      SELECT CASE WHEN p.order_id IS DISTINCT FROM NEW.order_id THEN 'refunds_one_order_check' ELSE 'payments_refunds_add_up_check' END INTO broken FROM payments p
        WHERE p.organization_id = NEW.organization_id AND p.id = NEW.payment_id
          AND (p.order_id IS DISTINCT FROM NEW.order_id
            OR p.refunded_amount <> (SELECT coalesce(sum(r.amount), 0) FROM refunds r
                WHERE r.organization_id = NEW.organization_id AND (r.order_id = document_order OR document_order IS NULL) AND r.payment_id = NEW.payment_id
                  AND r.status = 'succeeded'));
    END IF;
    IF broken IS NULL AND NEW.return_id IS NOT NULL THEN
      SELECT 'refunds_one_order_check' INTO broken FROM returns r
        WHERE r.organization_id = NEW.organization_id AND r.id = NEW.return_id AND r.order_id IS DISTINCT FROM NEW.order_id;
    END IF;
  ELSIF broken IS NULL AND TG_TABLE_NAME = 'payments' THEN
    SELECT 'payments_refunds_add_up_check' INTO broken FROM payments p
      WHERE p.organization_id = NEW.organization_id AND p.id = NEW.id
        AND p.refunded_amount <> (SELECT coalesce(sum(r.amount), 0) FROM refunds r
              WHERE r.organization_id = NEW.organization_id AND (r.order_id = document_order OR document_order IS NULL) AND r.payment_id = NEW.id
                AND r.status = 'succeeded');
  END IF;
  IF broken IS NOT NULL THEN
    RAISE EXCEPTION 'violates check constraint "%"', broken USING ERRCODE = '23514', TABLE = TG_TABLE_NAME, CONSTRAINT = broken;
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER orders_money_adds_up AFTER UPDATE OF currency, paid_amount, refunded_amount, return_refunded_amount, returned_amount, returned_tax ON orders
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN ((OLD.currency, OLD.paid_amount, OLD.refunded_amount, OLD.return_refunded_amount, OLD.returned_amount, OLD.returned_tax)
    IS DISTINCT FROM (NEW.currency, NEW.paid_amount, NEW.refunded_amount, NEW.return_refunded_amount, NEW.returned_amount, NEW.returned_tax))
  EXECUTE FUNCTION assert_money_adds_up();

-- ORD-11: only an imported order has imported documents, so that calling one imported is no way around the rule above.
CREATE FUNCTION assert_imported_order() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
  PERFORM FROM orders o WHERE o.organization_id = NEW.organization_id AND o.id = NEW.order_id AND o.imported AND o.currency = NEW.currency;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'violates check constraint "orders_imported_whole_check": an imported document is of an imported order in its currency' USING ERRCODE = '23514', CONSTRAINT = 'orders_imported_whole_check', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER payments_of_imported_order AFTER INSERT ON payments FOR EACH ROW WHEN (NEW.imported AND NEW.order_id IS NOT NULL) EXECUTE FUNCTION assert_imported_order();
CREATE TRIGGER refunds_of_imported_order AFTER INSERT ON refunds FOR EACH ROW WHEN (NEW.imported AND NEW.order_id IS NOT NULL) EXECUTE FUNCTION assert_imported_order();
CREATE TRIGGER returns_of_imported_order AFTER INSERT ON returns FOR EACH ROW WHEN (NEW.imported AND NEW.order_id IS NOT NULL) EXECUTE FUNCTION assert_imported_order();

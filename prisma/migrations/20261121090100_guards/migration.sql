-- What Prisma can't say: CHECKs, triggers, row-level security, grants. The roles quartermaster_runtime and quartermaster_sequencer exist
-- already (src/db/roles.ts makes them); neither is a member of the owner.

-- ── Values ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
ALTER TABLE organizations ADD CONSTRAINT organizations_currency_check CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE users ADD CONSTRAINT users_email_lower_check CHECK (email = lower(email));
ALTER TABLE memberships ADD CONSTRAINT memberships_role_check CHECK (role IN ('admin', 'manager', 'staff', 'viewer', 'customer'));
ALTER TABLE stores ADD CONSTRAINT stores_kind_check CHECK (kind IN ('shop', 'warehouse')),
  ADD CONSTRAINT stores_currency_check CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE tax_rates ADD CONSTRAINT tax_rates_rate_check CHECK (rate BETWEEN 0 AND 100);
ALTER TABLE number_series ADD CONSTRAINT number_series_next_value_check CHECK (next_value > 0);
ALTER TABLE units ADD CONSTRAINT units_factor_check CHECK (factor > 0);
ALTER TABLE categories ADD CONSTRAINT categories_level_check CHECK (level BETWEEN 1 AND 10),
  ADD CONSTRAINT categories_not_own_parent_check CHECK (parent_id <> id);
ALTER TABLE products
  ADD CONSTRAINT products_status_check CHECK (status IN ('draft', 'published', 'archived')),
  ADD CONSTRAINT products_published_has_price_check CHECK (status <> 'published' OR price IS NOT NULL),
  ADD CONSTRAINT products_price_check CHECK (price >= 0),
  ADD CONSTRAINT products_cost_check CHECK (cost >= 0),
  ADD CONSTRAINT products_reorder_check CHECK (reorder_level >= 0 AND reorder_quantity >= 0),
  ADD CONSTRAINT products_currency_check CHECK (currency ~ '^[A-Z]{3}$');
ALTER TABLE customers
  ADD CONSTRAINT customers_email_lower_check CHECK (email = lower(email)),
  ADD CONSTRAINT customers_credit_limit_check CHECK (credit_limit >= 0),
  ADD CONSTRAINT customers_payment_terms_check CHECK (payment_terms BETWEEN 0 AND 365);

ALTER TABLE stock_movements
  ADD CONSTRAINT stock_movements_kind_check CHECK (kind IN ('receipt', 'shipment', 'sale', 'customer_return', 'vendor_return', 'transfer_out',
    'transfer_in', 'adjustment', 'count', 'issue', 'issue_return', 'scrap', 'revaluation')),
  ADD CONSTRAINT stock_movements_quantity_check CHECK (quantity <> 0 OR kind IN ('revaluation', 'count')),
  ADD CONSTRAINT stock_movements_adjustment_reason_check CHECK (kind <> 'adjustment' OR reason IS NOT NULL);
ALTER TABLE shipment_lines ADD CONSTRAINT shipment_lines_quantity_check CHECK (quantity > 0);
ALTER TABLE returns ADD CONSTRAINT returns_amounts_check CHECK (total >= 0 AND tax_total BETWEEN 0 AND total);
ALTER TABLE return_lines
  ADD CONSTRAINT return_lines_amounts_check CHECK (quantity > 0 AND unit_price >= 0 AND total >= 0 AND tax_amount BETWEEN 0 AND total),
  ADD CONSTRAINT return_lines_disposition_check CHECK (disposition IN ('restock', 'scrap', 'none'));
ALTER TABLE payments
  ADD CONSTRAINT payments_status_check CHECK (status IN ('pending', 'succeeded', 'failed', 'partially_refunded', 'refunded')),
  ADD CONSTRAINT payments_amounts_check CHECK (amount > 0 AND refunded_amount BETWEEN 0 AND amount);
ALTER TABLE refunds
  ADD CONSTRAINT refunds_status_check CHECK (status IN ('pending', 'succeeded', 'failed')),
  ADD CONSTRAINT refunds_amounts_check CHECK (amount > 0 AND tax_amount BETWEEN 0 AND amount);
ALTER TABLE events
  ADD CONSTRAINT events_actor_kind_check CHECK (actor_kind IN ('user', 'system', 'anonymous')),
  ADD CONSTRAINT events_sealed_whole_check CHECK ((position IS NULL) = (hash IS NULL));
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_key_check CHECK (length(key) BETWEEN 1 AND 255);
ALTER TABLE imports ADD CONSTRAINT imports_status_check CHECK (status IN ('running', 'completed'));
ALTER TABLE import_documents ADD CONSTRAINT import_documents_verdict_check CHECK (verdict IN ('imported', 'unchanged', 'rejected', 'not_imported'));

-- MON-10: NaN is a numeric that passes every ">= 0".
DO $$ DECLARE t record; BEGIN
  FOR t IN
    SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS numerics
    FROM information_schema.columns WHERE table_schema = 'public' AND data_type = 'numeric'
      AND table_name NOT IN ('stock_levels', 'stock_reservations', 'orders', 'order_lines') -- see below
    GROUP BY table_name
  LOOP
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I CHECK (NOT (''NaN''::numeric = ANY (ARRAY[%s])))', t.table_name, t.table_name || '_no_nan_check', t.numerics);
  END LOOP;
END $$;

-- The four tables that every order writes hold their CHECKs in one function each: PostgreSQL parses the text of a plain CHECK for each
-- statement anew, which made half of an order's cost; a function is parsed once a session. The broken rule is named as a constraint would be.
CREATE FUNCTION assert_sound(table_name text, broken text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  RAISE EXCEPTION 'new row for relation "%" violates check constraint "%"', table_name, broken USING ERRCODE = '23514', TABLE = table_name, CONSTRAINT = broken;
END $$;

-- STK-5, VAL-1
CREATE FUNCTION is_sound(l stock_levels) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE broken text := CASE
  WHEN 'NaN' IN (l.on_hand, l.reserved, l.value) THEN 'stock_levels_no_nan_check'
  WHEN NOT l.on_hand >= 0 THEN 'stock_levels_on_hand_check'
  WHEN NOT l.reserved >= 0 THEN 'stock_levels_reserved_check'
  WHEN NOT (l.reserved <= l.on_hand OR l.allows_backorder) THEN 'stock_levels_reserved_within_on_hand_check'
  WHEN NOT (l.value >= 0 AND (l.on_hand > 0 OR l.value = 0)) THEN 'stock_levels_value_check' END;
BEGIN RETURN broken IS NULL OR assert_sound('stock_levels', broken); END $$;
ALTER TABLE stock_levels ADD CONSTRAINT stock_levels_sound_check CHECK (is_sound(stock_levels));

-- STK-8
CREATE FUNCTION is_sound(r stock_reservations) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE broken text := CASE
  WHEN 'NaN' IN (r.quantity, r.open_quantity) THEN 'stock_reservations_no_nan_check'
  WHEN r.status NOT IN ('active', 'consumed', 'released', 'expired') THEN 'stock_reservations_status_check'
  WHEN NOT (r.quantity > 0 AND r.open_quantity BETWEEN 0 AND r.quantity) THEN 'stock_reservations_quantity_check'
  WHEN (r.status = 'active') <> (r.open_quantity > 0) THEN 'stock_reservations_open_while_active_check' END;
BEGIN RETURN broken IS NULL OR assert_sound('stock_reservations', broken); END $$;
ALTER TABLE stock_reservations ADD CONSTRAINT stock_reservations_sound_check CHECK (is_sound(stock_reservations));

-- MON-4, MON-7, ORD
CREATE FUNCTION is_sound(o orders) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
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
  WHEN NOT (o.refunded_amount BETWEEN 0 AND o.paid_amount) THEN 'orders_refunded_check'
  WHEN o.status = 'refunded' AND NOT (o.paid_amount > 0 AND o.refunded_amount = o.paid_amount) THEN 'orders_refunded_in_full_check'
  WHEN o.currency !~ '^[A-Z]{3}$' THEN 'orders_currency_check' END;
BEGIN RETURN broken IS NULL OR assert_sound('orders', broken); END $$;
ALTER TABLE orders ADD CONSTRAINT orders_sound_check CHECK (is_sound(orders));

-- MON-3 to MON-7, QTY-4, ORD-3
CREATE FUNCTION is_sound(l order_lines) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE broken text := CASE
  WHEN 'NaN' IN (l.quantity, l.entered_quantity, l.unit_factor, l.unit_price, l.gross, l.discount_amount, l.document_discount, l.tax_rate, l.tax_amount, l.total,
      l.shipped_quantity, l.cancelled_quantity, l.returned_quantity)
    OR 'NaN' = l.unit_cost OR 'NaN' = l.discount_percent THEN 'order_lines_no_nan_check'
  WHEN NOT (l.quantity > 0 AND l.entered_quantity > 0 AND l.unit_factor > 0) THEN 'order_lines_quantity_check'
  WHEN NOT (l.unit_price >= 0 AND l.gross >= 0 AND l.tax_amount >= 0 AND l.tax_rate BETWEEN 0 AND 100) OR l.unit_cost < 0 THEN 'order_lines_prices_check'
  WHEN NOT (l.discount_amount >= 0 AND l.document_discount >= 0 AND l.discount_amount + l.document_discount <= l.gross)
    OR l.discount_percent NOT BETWEEN 0 AND 100 THEN 'order_lines_discounts_check'
  WHEN l.total <> l.gross - l.discount_amount - l.document_discount + CASE WHEN l.tax_inclusive THEN 0 ELSE l.tax_amount END THEN 'order_lines_total_check'
  WHEN NOT (l.shipped_quantity >= 0 AND l.cancelled_quantity >= 0 AND l.shipped_quantity + l.cancelled_quantity <= l.quantity) THEN 'order_lines_open_check'
  WHEN NOT (l.returned_quantity BETWEEN 0 AND l.shipped_quantity) THEN 'order_lines_returned_check' END;
BEGIN RETURN broken IS NULL OR assert_sound('order_lines', broken); END $$;
ALTER TABLE order_lines ADD CONSTRAINT order_lines_sound_check CHECK (is_sound(order_lines));

-- Levels and orders are updated all the time; leave room on their pages, so that updates stay on the page and touch no index.
ALTER TABLE stock_levels SET (fillfactor = 70);
ALTER TABLE orders SET (fillfactor = 85);

-- ── Identity: what was known of a session is old as soon as the user or the membership changes ───────────────────────────────
CREATE FUNCTION users_touch_sessions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE sessions SET stamp = stamp + 1 WHERE user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER users_touch_sessions AFTER UPDATE OF disabled_at, password_hash ON users FOR EACH ROW
  WHEN (OLD.disabled_at IS DISTINCT FROM NEW.disabled_at OR OLD.password_hash <> NEW.password_hash) EXECUTE FUNCTION users_touch_sessions();

CREATE FUNCTION memberships_touch_sessions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE sessions SET stamp = stamp + 1 WHERE user_id = OLD.user_id AND organization_id = OLD.organization_id AND revoked_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER memberships_touch_sessions AFTER UPDATE OR DELETE ON memberships FOR EACH ROW EXECUTE FUNCTION memberships_touch_sessions();

-- Every transaction of a signed-in request begins with this: it travels with BEGIN, so it costs no round trip of its own.
CREATE FUNCTION assert_session(session_id uuid, known_stamp integer) RETURNS void LANGUAGE plpgsql STABLE AS $$ BEGIN
  PERFORM 1 FROM sessions WHERE id = session_id AND stamp = known_stamp AND revoked_at IS NULL AND expires_at > now();
  IF NOT FOUND THEN RAISE EXCEPTION 'the session is no longer good' USING ERRCODE = 'QM401'; END IF;
END $$;

-- ── Stock: a movement is the only thing that changes what is on hand, and what it is worth (STK-1, STK-3, VAL-1) ───────────────
CREATE FUNCTION currency_minor_units(currency text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
    WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
    ELSE 2 END
$$;

-- The inserter gives quantity and, for goods coming in, unit_cost; value, quantity_after and value_after are computed here under the
-- level's row lock. An issue takes round(value × q / Q); the one that empties the level takes all of it.
CREATE FUNCTION stock_movements_apply() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
CREATE TRIGGER stock_movements_apply BEFORE INSERT ON stock_movements FOR EACH ROW EXECUTE FUNCTION stock_movements_apply();

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION '% is insert-only', TG_TABLE_NAME USING ERRCODE = '55000';
END $$;
CREATE TRIGGER stock_movements_insert_only BEFORE UPDATE OR DELETE ON stock_movements FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER stock_notes_insert_only BEFORE UPDATE OR DELETE ON stock_notes FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Messages name the constraint, because Prisma passes on the message and not the name. QTY-3, and the copy of allows_backorder on the levels
CREATE FUNCTION products_guard_stock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$ BEGIN
  IF NEW.unit_id <> OLD.unit_id AND EXISTS (SELECT FROM stock_movements WHERE organization_id = OLD.organization_id AND product_id = OLD.id) THEN
    RAISE EXCEPTION 'violates check constraint "products_unit_frozen_check": the stock unit cannot change after the first movement' USING ERRCODE = '23514', CONSTRAINT = 'products_unit_frozen_check', TABLE = 'products';
  END IF;
  IF NEW.tracks_stock <> OLD.tracks_stock AND EXISTS (SELECT FROM stock_movements WHERE organization_id = OLD.organization_id AND product_id = OLD.id) THEN
    RAISE EXCEPTION 'violates check constraint "products_tracking_frozen_check": a product with movements tracks stock' USING ERRCODE = '23514', CONSTRAINT = 'products_tracking_frozen_check', TABLE = 'products';
  END IF;
  IF NEW.allows_backorder <> OLD.allows_backorder THEN
    UPDATE stock_levels SET allows_backorder = NEW.allows_backorder WHERE organization_id = OLD.organization_id AND product_id = OLD.id;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER products_guard_stock BEFORE UPDATE OF unit_id, tracks_stock, allows_backorder ON products FOR EACH ROW EXECUTE FUNCTION products_guard_stock();

-- ── Orders: the state machine, again (ORD) ────────────────────────────────────────────────────────────────────────────────────
CREATE FUNCTION orders_guard_status() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF NOT (NEW.status = ANY (CASE OLD.status
    WHEN 'draft' THEN ARRAY['pending']
    WHEN 'pending' THEN ARRAY['confirmed', 'processing', 'cancelled']
    WHEN 'confirmed' THEN ARRAY['processing', 'shipped', 'cancelled']
    WHEN 'processing' THEN ARRAY['shipped', 'completed', 'cancelled']
    WHEN 'shipped' THEN ARRAY['delivered', 'completed']
    WHEN 'delivered' THEN ARRAY['completed', 'refunded']
    WHEN 'completed' THEN ARRAY['refunded']
    ELSE ARRAY[]::text[] END)) THEN
    RAISE EXCEPTION 'violates check constraint "orders_transition_check": an order cannot go from % to %', OLD.status, NEW.status USING ERRCODE = '23514', CONSTRAINT = 'orders_transition_check', TABLE = 'orders';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER orders_guard_status BEFORE UPDATE OF status ON orders FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION orders_guard_status();

CREATE FUNCTION orders_guard_delete() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF OLD.status <> 'draft' THEN
    RAISE EXCEPTION 'violates check constraint "orders_delete_draft_only_check": only a draft can be deleted' USING ERRCODE = '23514', CONSTRAINT = 'orders_delete_draft_only_check', TABLE = 'orders';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER orders_guard_delete BEFORE DELETE ON orders FOR EACH ROW EXECUTE FUNCTION orders_guard_delete();

-- ── Events: insert-only, but for the sequencer, which fills in position and hash once ────────────────────────────────────────
CREATE FUNCTION events_seal_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND OLD.position IS NULL AND NEW.position IS NOT NULL
     AND (to_jsonb(NEW) - 'position' - 'hash') = (to_jsonb(OLD) - 'position' - 'hash') THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'events are insert-only' USING ERRCODE = '55000';
END $$;
CREATE TRIGGER events_insert_only BEFORE UPDATE OR DELETE ON events FOR EACH ROW EXECUTE FUNCTION events_seal_once();

-- ── Tenancy: row-level security, forced also for the owner ──────────────────────────────────────────────────────────────────
-- The identity plane is named here; every other table is a tenant table and must have organization_id.
DO $$ DECLARE t text; BEGIN
  FOR t IN
    SELECT tablename FROM pg_tables WHERE schemaname = 'public'
      AND tablename NOT IN ('_prisma_migrations', 'organizations', 'users', 'memberships', 'sessions', 'refresh_tokens')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t);
    -- NULLIF: after a transaction that set it locally, the setting is '' and not NULL
    EXECUTE format($f$CREATE POLICY tenant ON %I USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid)$f$, t);
    EXECUTE format('GRANT SELECT, INSERT ON %I TO quartermaster_runtime', t);
  END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO quartermaster_runtime, quartermaster_sequencer;
GRANT SELECT, INSERT, UPDATE ON organizations, users, memberships, sessions, refresh_tokens TO quartermaster_runtime;
GRANT DELETE ON memberships, refresh_tokens TO quartermaster_runtime;
GRANT UPDATE ON stores, tax_rates, number_series, units, categories, products, customers, stock_reservations, orders, order_lines, shipments,
  payments, refunds, imports TO quartermaster_runtime;
GRANT DELETE ON stores, tax_rates, units, categories, category_units, products, customers, orders, order_lines, stock_reservations, event_personal_data,
  idempotency_keys TO quartermaster_runtime;
-- Levels: the runtime role may reserve, but what is on hand and its value change by movements only.
REVOKE INSERT ON stock_levels FROM quartermaster_runtime;
GRANT INSERT (organization_id, product_id, store_id, allows_backorder), UPDATE (reserved, updated_at), DELETE ON stock_levels TO quartermaster_runtime;

GRANT SELECT ON events, organizations TO quartermaster_sequencer;
GRANT UPDATE (position, hash) ON events TO quartermaster_sequencer;

-- ── How values are written in JSON that PostgreSQL builds (MON-1): money at the currency's minor units, prices with at least those ─
CREATE FUNCTION money_text(amount numeric, currency text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT round(amount, currency_minor_units(currency))::text $$;
CREATE FUNCTION price_text(price numeric, currency text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT round(price, greatest(scale(trim_scale(price)), currency_minor_units(currency)))::text
$$;
CREATE FUNCTION quantity_text(quantity numeric) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT trim_scale(quantity)::text $$;
CREATE FUNCTION instant_text(instant timestamptz) RETURNS text LANGUAGE sql STABLE AS $$ SELECT to_char(instant AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

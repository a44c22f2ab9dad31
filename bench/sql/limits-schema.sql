-- A small shop without a house around it, for what the machine can do at best: 20 categories, 10,000 products, 1,000 customers.
DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;
CREATE TABLE categories (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL);
CREATE TABLE products (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, sku text NOT NULL UNIQUE, name text NOT NULL, description text NOT NULL,
  category_id int NOT NULL REFERENCES categories(id), price_cents int NOT NULL CHECK (price_cents >= 0), active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON products(category_id);
CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL);
CREATE TABLE inventory (product_id int PRIMARY KEY REFERENCES products(id), on_hand int NOT NULL CHECK (on_hand >= 0), updated_at timestamptz NOT NULL DEFAULT now()) WITH (fillfactor = 70);
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int NOT NULL REFERENCES customers(id), status text NOT NULL, total_cents int NOT NULL, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON orders(customer_id); CREATE INDEX ON orders(created_at);
CREATE TABLE order_items (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders(id), product_id int NOT NULL REFERENCES products(id), qty int NOT NULL CHECK (qty > 0), unit_cents int NOT NULL);
CREATE INDEX ON order_items(order_id);
CREATE TABLE stock_ledger (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product_id int NOT NULL REFERENCES products(id), delta int NOT NULL, reason text NOT NULL, order_id bigint, created_at timestamptz NOT NULL DEFAULT now());
CREATE INDEX ON stock_ledger(product_id, id);
CREATE TABLE idempotency_keys (key text PRIMARY KEY, customer_id int NOT NULL, order_id bigint, created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, topic text NOT NULL, payload jsonb NOT NULL, created_at timestamptz NOT NULL DEFAULT now(), sent_at timestamptz);
CREATE TABLE audit_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, actor text NOT NULL, action text NOT NULL, entity text NOT NULL, entity_id bigint, data jsonb, created_at timestamptz NOT NULL DEFAULT now());
INSERT INTO categories(name) SELECT 'Category ' || g FROM generate_series(1,20) g;
INSERT INTO products(sku,name,description,category_id,price_cents)
  SELECT 'SKU-' || g, 'Product ' || g, 'Description of product ' || g || ', a thing that can be ordered and stocked.', 1 + g % 20, 500 + (g % 100) * 100 FROM generate_series(1,10000) g;
INSERT INTO customers(email,name) SELECT 'c' || g || '@bench.test', 'Customer ' || g FROM generate_series(1,1000) g;
INSERT INTO inventory(product_id,on_hand) SELECT id, 1000000 FROM products;

-- The whole order in one round trip. items = [{"p":1,"q":2},...]; stock rows are taken in id order (no deadlocks).
CREATE FUNCTION place_order(p_key text, p_customer int, p_products int[], p_qtys int[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE v_order bigint; v_total int; v_n int := cardinality(p_products); v_hit int := 0; r record;
BEGIN
  INSERT INTO idempotency_keys(key, customer_id) VALUES (p_key, p_customer) ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN SELECT order_id INTO v_order FROM idempotency_keys WHERE key = p_key; RETURN v_order; END IF;
  SELECT sum(p.price_cents * i.q), count(*) INTO v_total, v_hit FROM unnest(p_products, p_qtys) AS i(p, q) JOIN products p ON p.id = i.p AND p.active;
  IF v_hit <> v_n THEN RAISE EXCEPTION 'unknown product' USING ERRCODE = 'P0002'; END IF;
  FOR r IN SELECT p, q FROM unnest(p_products, p_qtys) AS i(p, q) ORDER BY p LOOP
    UPDATE inventory SET on_hand = on_hand - r.q, updated_at = now() WHERE product_id = r.p AND on_hand >= r.q;
    IF NOT FOUND THEN RAISE EXCEPTION 'out of stock: %', r.p USING ERRCODE = 'P0001'; END IF;
  END LOOP;
  INSERT INTO orders(customer_id, status, total_cents) VALUES (p_customer, 'placed', v_total) RETURNING id INTO v_order;
  INSERT INTO order_items(order_id, product_id, qty, unit_cents) SELECT v_order, i.p, i.q, p.price_cents FROM unnest(p_products, p_qtys) AS i(p, q) JOIN products p ON p.id = i.p;
  INSERT INTO stock_ledger(product_id, delta, reason, order_id) SELECT p, -q, 'order', v_order FROM unnest(p_products, p_qtys) AS i(p, q);
  INSERT INTO outbox(topic, payload) VALUES ('order.placed', jsonb_build_object('orderId', v_order, 'total', v_total));
  INSERT INTO audit_log(actor, action, entity, entity_id) VALUES ('customer:' || p_customer, 'create', 'order', v_order);
  UPDATE idempotency_keys SET order_id = v_order WHERE key = p_key;
  RETURN v_order;
END $$;
VACUUM ANALYZE;

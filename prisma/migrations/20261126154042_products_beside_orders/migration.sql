-- Orders are placed while products change.

-- Before an UPDATE with a BEFORE trigger, PostgreSQL takes every generated column for changed. sku_key is one and has a unique key, so every
-- change of a product, its price also, took the lock that blocks foreign keys, and orders of the product waited for it. Nothing of the new row
-- is changed here, so it can be done after.
DROP TRIGGER products_guard_stock ON products;

-- QTY-3, and the copy of allows_backorder on the levels: what is sold without stock is not back-ordered either, so that an order which has
-- seen the product as it was a moment ago can't reserve any. Lock the product's levels before its row is written, as placing an order does.
-- Messages name the constraint, because Prisma passes on the message and not the name.
CREATE OR REPLACE FUNCTION products_guard_stock() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  moved boolean := EXISTS (SELECT FROM stock_movements m WHERE m.organization_id = NEW.organization_id AND m.product_id = NEW.id);
BEGIN
  IF NEW.unit_id <> OLD.unit_id AND (moved
    OR EXISTS (SELECT FROM order_lines l WHERE l.organization_id = NEW.organization_id AND l.product_id = NEW.id)
    OR EXISTS (SELECT FROM return_lines l WHERE l.organization_id = NEW.organization_id AND l.product_id = NEW.id)) THEN
    RAISE EXCEPTION 'violates check constraint "products_unit_frozen_check": the stock unit cannot change once it was moved or ordered' USING ERRCODE = '23514', CONSTRAINT = 'products_unit_frozen_check', TABLE = 'products';
  END IF;
  IF NEW.tracks_stock <> OLD.tracks_stock AND (moved
    OR EXISTS (SELECT FROM stock_levels l WHERE l.organization_id = NEW.organization_id AND l.product_id = NEW.id AND l.reserved > 0)) THEN
    RAISE EXCEPTION 'violates check constraint "products_tracking_frozen_check": a product that was moved or is reserved tracks stock' USING ERRCODE = '23514', CONSTRAINT = 'products_tracking_frozen_check', TABLE = 'products';
  END IF;
  UPDATE stock_levels l SET allows_backorder = NEW.allows_backorder AND NEW.tracks_stock
    WHERE l.organization_id = NEW.organization_id AND l.product_id = NEW.id AND l.allows_backorder <> (NEW.allows_backorder AND NEW.tracks_stock);
  RETURN NULL;
END $$;
CREATE TRIGGER products_guard_stock AFTER UPDATE OF unit_id, tracks_stock, allows_backorder ON products FOR EACH ROW
  WHEN ((OLD.unit_id, OLD.tracks_stock, OLD.allows_backorder) IS DISTINCT FROM (NEW.unit_id, NEW.tracks_stock, NEW.allows_backorder))
  EXECUTE FUNCTION products_guard_stock();

-- A new level waits for a change of its product that is under way, and copies what it came to.
CREATE FUNCTION stock_levels_copy_backorder() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$ BEGIN
  NEW.allows_backorder := coalesce((
    SELECT p.allows_backorder AND p.tracks_stock FROM products p WHERE p.organization_id = NEW.organization_id AND p.id = NEW.product_id FOR SHARE), false);
  RETURN NEW;
END $$;
CREATE TRIGGER stock_levels_copy_backorder BEFORE INSERT ON stock_levels FOR EACH ROW EXECUTE FUNCTION stock_levels_copy_backorder();

-- Levels of products that were turned to be sold without stock. Row-level security binds the owner too, so one organization after the other.
DO $$ DECLARE organization uuid; BEGIN
  FOR organization IN SELECT id FROM organizations LOOP
    PERFORM set_config('app.organization_id', organization::text, true);
    UPDATE stock_levels l SET allows_backorder = false FROM products p
      WHERE l.organization_id = organization AND p.organization_id = organization AND p.id = l.product_id AND l.allows_backorder AND NOT p.tracks_stock
        AND l.reserved <= l.on_hand;
  END LOOP;
  PERFORM set_config('app.organization_id', '', true);
END $$;

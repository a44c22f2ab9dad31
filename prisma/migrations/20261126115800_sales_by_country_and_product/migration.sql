-- Imported documents name a country of their own, often without any address or customer that could tell it.
-- AlterTable
ALTER TABLE "orders" ADD COLUMN     "country" VARCHAR(2);

-- AlterTable
ALTER TABLE "returns" ADD COLUMN     "country" VARCHAR(2);

-- How a product sells, and whether it was ever ordered.
-- CreateIndex
CREATE INDEX "order_lines_organization_id_product_id_idx" ON "order_lines"("organization_id", "product_id");

-- What was imported before has it in its event. Row-level security binds the owner too, so one organization after the other.
DO $$ DECLARE organization uuid; BEGIN
  FOR organization IN SELECT id FROM organizations LOOP
    PERFORM set_config('app.organization_id', organization::text, true);
    UPDATE orders o SET country = e.payload ->> 'country' FROM events e
      WHERE o.organization_id = organization AND o.imported AND e.organization_id = organization AND e.aggregate_id = o.id AND e.type = 'order.imported'
        AND e.payload ->> 'country' ~ '^[A-Z]{2}$';
    UPDATE returns r SET country = e.payload ->> 'country' FROM events e
      WHERE r.organization_id = organization AND r.imported AND e.organization_id = organization AND e.aggregate_id = r.id AND e.type = 'return.imported'
        AND e.payload ->> 'country' ~ '^[A-Z]{2}$';
  END LOOP;
  PERFORM set_config('app.organization_id', '', true);
END $$;

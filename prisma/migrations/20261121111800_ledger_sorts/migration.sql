-- The ledger is read newest first: of the organization, of a product, or what one document moved.

-- DropIndex
DROP INDEX "stock_movements_organization_id_product_id_store_id_id_idx";

-- CreateIndex
CREATE INDEX "stock_movements_organization_id_occurred_at_id_idx" ON "stock_movements"("organization_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "stock_movements_organization_id_product_id_occurred_at_id_idx" ON "stock_movements"("organization_id", "product_id", "occurred_at", "id");

-- CreateIndex
CREATE INDEX "stock_movements_organization_id_source_id_idx" ON "stock_movements"("organization_id", "source_id");

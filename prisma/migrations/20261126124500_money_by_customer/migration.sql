-- Whether a customer has payments or refunds, and what they add up to.

-- CreateIndex
CREATE INDEX "payments_organization_id_customer_id_idx" ON "payments"("organization_id", "customer_id");

-- CreateIndex
CREATE INDEX "refunds_organization_id_customer_id_idx" ON "refunds"("organization_id", "customer_id");

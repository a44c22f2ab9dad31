-- ORD-10: a member of the role customer is a customer of the organization, and sees that customer's orders only.

-- AlterTable
ALTER TABLE "memberships" ADD COLUMN     "customer_id" UUID;

-- CreateIndex
CREATE INDEX "memberships_organization_id_customer_id_idx" ON "memberships"("organization_id", "customer_id");

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_id_customer_id_fkey" FOREIGN KEY ("organization_id", "customer_id") REFERENCES "customers"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE memberships ADD CONSTRAINT memberships_customer_role_check CHECK (customer_id IS NULL OR role = 'customer');

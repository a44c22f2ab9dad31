-- DropForeignKey
ALTER TABLE "membership_stores" DROP CONSTRAINT "membership_stores_organization_id_store_id_fkey";

-- AddForeignKey
ALTER TABLE "membership_stores" ADD CONSTRAINT "membership_stores_organization_id_store_id_fkey" FOREIGN KEY ("organization_id", "store_id") REFERENCES "stores"("organization_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

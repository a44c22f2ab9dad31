-- AlterTable
ALTER TABLE "invitations" ADD COLUMN     "customer_id" UUID;

-- AlterTable
ALTER TABLE "memberships" ADD COLUMN     "limited_to_stores" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "version" INTEGER NOT NULL DEFAULT 1;

-- CreateTable
CREATE TABLE "membership_stores" (
    "organization_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "store_id" UUID NOT NULL,

    CONSTRAINT "membership_stores_pkey" PRIMARY KEY ("organization_id","user_id","store_id")
);

-- CreateIndex
CREATE INDEX "membership_stores_organization_id_store_id_idx" ON "membership_stores"("organization_id", "store_id");

-- AddForeignKey
ALTER TABLE "membership_stores" ADD CONSTRAINT "membership_stores_organization_id_user_id_fkey" FOREIGN KEY ("organization_id", "user_id") REFERENCES "memberships"("organization_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership_stores" ADD CONSTRAINT "membership_stores_organization_id_store_id_fkey" FOREIGN KEY ("organization_id", "store_id") REFERENCES "stores"("organization_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- An admin could lift the limit, so it would be none.
ALTER TABLE memberships ADD CONSTRAINT memberships_admin_unlimited_check CHECK (role <> 'admin' OR NOT limited_to_stores);

ALTER TABLE membership_stores ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON membership_stores USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
GRANT SELECT, INSERT, DELETE ON membership_stores TO quartermaster_runtime;

-- What was known of a session is old as soon as its stores change, also when a store is deleted.
CREATE FUNCTION membership_stores_touch_sessions() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  UPDATE sessions SET stamp = stamp + 1
    WHERE user_id = coalesce(NEW.user_id, OLD.user_id) AND organization_id = coalesce(NEW.organization_id, OLD.organization_id) AND revoked_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER membership_stores_touch_sessions AFTER INSERT OR DELETE ON membership_stores FOR EACH ROW EXECUTE FUNCTION membership_stores_touch_sessions();

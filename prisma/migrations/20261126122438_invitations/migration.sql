-- CreateTable
CREATE TABLE "invitations" (
    "id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "limited_to_stores" BOOLEAN NOT NULL DEFAULT false,
    "store_ids" UUID[] DEFAULT ARRAY[]::UUID[],
    "token_hash" BYTEA NOT NULL,
    "invited_by" UUID,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "accepted_at" TIMESTAMPTZ(6),
    "accepted_by" UUID,
    "revoked_at" TIMESTAMPTZ(6),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "invitations_token_hash_key" ON "invitations"("token_hash");

-- CreateIndex
CREATE INDEX "invitations_organization_id_created_at_id_idx" ON "invitations"("organization_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "invitations_open_key" ON "invitations"("organization_id", "email") WHERE (accepted_at IS NULL AND revoked_at IS NULL);

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_fkey" FOREIGN KEY ("invited_by") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_fkey" FOREIGN KEY ("accepted_by") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE invitations
  ADD CONSTRAINT invitations_email_lower_check CHECK (email = lower(email)),
  ADD CONSTRAINT invitations_role_check CHECK (role IN ('admin', 'manager', 'staff', 'viewer', 'customer')),
  ADD CONSTRAINT invitations_admin_unlimited_check CHECK (role <> 'admin' OR NOT limited_to_stores),
  ADD CONSTRAINT invitations_one_end_check CHECK (accepted_at IS NULL OR revoked_at IS NULL),
  ADD CONSTRAINT invitations_accepted_whole_check CHECK ((accepted_at IS NULL) = (accepted_by IS NULL));

-- Identity plane: read before the organization is known.
GRANT SELECT, INSERT, UPDATE ON invitations TO quartermaster_runtime;

-- An organization keeps an admin who can sign in, also when two admins demote or remove each other at the same moment: the second one waits
-- for the organization's row, and then sees what the first has done. As with row-level security, a superuser mends by hand.
CREATE FUNCTION memberships_keep_admin() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' AND NEW.role = 'admin' AND NEW.disabled_at IS NULL THEN RETURN NULL; END IF;
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN RETURN NULL; END IF;
  PERFORM 1 FROM organizations WHERE id = OLD.organization_id FOR NO KEY UPDATE;
  IF NOT EXISTS (SELECT FROM memberships WHERE organization_id = OLD.organization_id AND role = 'admin' AND disabled_at IS NULL) THEN
    RAISE EXCEPTION 'violates check constraint "memberships_last_admin_check": an organization keeps at least one admin' USING ERRCODE = '23514', CONSTRAINT = 'memberships_last_admin_check', TABLE = 'memberships';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER memberships_keep_admin AFTER UPDATE OR DELETE ON memberships FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.disabled_at IS NULL) EXECUTE FUNCTION memberships_keep_admin();

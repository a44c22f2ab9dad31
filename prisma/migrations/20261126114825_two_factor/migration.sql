-- CreateTable
CREATE TABLE "two_factors" (
    "user_id" UUID NOT NULL,
    "secret" TEXT NOT NULL,
    "enabled_at" TIMESTAMPTZ(6),
    "last_step" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "two_factors_pkey" PRIMARY KEY ("user_id")
);

-- CreateTable
CREATE TABLE "recovery_codes" (
    "user_id" UUID NOT NULL,
    "code_hash" BYTEA NOT NULL,

    CONSTRAINT "recovery_codes_pkey" PRIMARY KEY ("user_id","code_hash")
);

-- CreateTable
CREATE TABLE "login_challenges" (
    "token_hash" BYTEA NOT NULL,
    "user_id" UUID NOT NULL,
    "organization_id" UUID NOT NULL,
    "session" TEXT NOT NULL,
    "device_id" TEXT,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "login_challenges_pkey" PRIMARY KEY ("token_hash")
);

-- CreateIndex
CREATE INDEX "login_challenges_user_id_idx" ON "login_challenges"("user_id");

-- AddForeignKey
ALTER TABLE "two_factors" ADD CONSTRAINT "two_factors_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "two_factors"("user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "login_challenges" ADD CONSTRAINT "login_challenges_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Identity plane: read before the organization is known.
ALTER TABLE two_factors ADD CONSTRAINT two_factors_secret_check CHECK (secret LIKE 'v1.%'), -- encrypted, never plain
  ADD CONSTRAINT two_factors_last_step_check CHECK (last_step >= 0);
ALTER TABLE login_challenges ADD CONSTRAINT login_challenges_session_check CHECK (session IN ('bearer', 'cookie'));
GRANT SELECT, INSERT, UPDATE, DELETE ON two_factors TO quartermaster_runtime;
GRANT SELECT, INSERT, DELETE ON recovery_codes, login_challenges TO quartermaster_runtime;

-- A sign-in under way ends when the password it began with is no longer good.
CREATE FUNCTION users_end_challenges() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  DELETE FROM login_challenges WHERE user_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER users_end_challenges AFTER UPDATE OF disabled_at, password_hash ON users FOR EACH ROW
  WHEN (OLD.disabled_at IS DISTINCT FROM NEW.disabled_at OR OLD.password_hash <> NEW.password_hash) EXECUTE FUNCTION users_end_challenges();

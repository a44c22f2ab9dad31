-- CreateTable
CREATE TABLE "mails" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "content" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(6) NOT NULL,
    "expires_at" TIMESTAMPTZ(6) NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mails_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mails_next_attempt_at_idx" ON "mails"("next_attempt_at");

-- Identity plane: some mails are written before an organization is known.
ALTER TABLE mails ADD CONSTRAINT mails_content_check CHECK (content LIKE 'v1.%'), -- encrypted, never plain
  ADD CONSTRAINT mails_attempts_check CHECK (attempts >= 0);
GRANT SELECT, INSERT, UPDATE, DELETE ON mails TO quartermaster_runtime;

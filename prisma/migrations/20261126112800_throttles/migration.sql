-- CreateTable
CREATE TABLE "throttles" (
    "key" BYTEA NOT NULL,
    "count" INTEGER NOT NULL,
    "window_ends_at" TIMESTAMPTZ(6) NOT NULL,
    "next_at" TIMESTAMPTZ(6) NOT NULL,

    CONSTRAINT "throttles_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "throttles_window_ends_at_idx" ON "throttles"("window_ends_at");

-- Identity plane: counted before anybody is known.
ALTER TABLE throttles ADD CONSTRAINT throttles_count_check CHECK (count >= 0),
  -- A wait never outlasts its window: nobody is locked out for good.
  ADD CONSTRAINT throttles_wait_check CHECK (next_at <= window_ends_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON throttles TO quartermaster_runtime;

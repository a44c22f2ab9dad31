-- What is over is deleted by a timer of the application (src/jobs/housekeeping.ts).
GRANT DELETE ON sessions TO quartermaster_runtime;

-- Keys are written in the order of time and deleted by it. BRIN: hardly a byte, and nothing to update while orders are placed.
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" USING BRIN ("created_at");

-- What tells look-alike addresses apart.
ALTER TABLE "signature" ADD COLUMN "email_canonical_key" BYTEA;

CREATE INDEX "signature_campaign_id_email_canonical_key_idx" ON "signature"("campaign_id", "email_canonical_key");

-- One export, from before its first byte on.
CREATE TYPE "export_state" AS ENUM ('running', 'finished', 'aborted', 'failed');

CREATE TABLE "export_run" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "state" "export_state" NOT NULL DEFAULT 'running',
    "format" TEXT NOT NULL,
    "filter" JSONB NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "expected_rows" BIGINT,
    "rows" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,
    "sha256" BYTEA,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "export_run_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "export_run_campaign_id_started_at_idx" ON "export_run"("campaign_id", "started_at");

ALTER TABLE "export_run" ADD CONSTRAINT "export_run_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
ALTER TABLE "signature"
  ADD CONSTRAINT "signature_email_canonical_key_length" CHECK (octet_length("email_canonical_key") = 32);

ALTER TABLE "export_run"
  ADD CONSTRAINT "export_run_format_known" CHECK ("format" IN ('csv', 'xlsx', 'ndjson')),
  ADD CONSTRAINT "export_run_finished_at_with_state" CHECK (("state" = 'running') = ("finished_at" IS NULL)),
  ADD CONSTRAINT "export_run_sha256_with_state" CHECK (("state" = 'finished') = ("sha256" IS NOT NULL)),
  ADD CONSTRAINT "export_run_sha256_length" CHECK (octet_length("sha256") = 32);

-- Signatures marked by a rule, in batches that a worker can take up where another left them.
CREATE TYPE "invalidation_state" AS ENUM ('running', 'finished', 'cancelled', 'undoing', 'undone');

CREATE TABLE "invalidation_job" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "state" "invalidation_state" NOT NULL DEFAULT 'running',
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "name_key" BYTEA,
    "email_canonical_key" BYTEA,
    "email_domain_key" BYTEA,
    "network_keys" BYTEA[],
    "country" CHAR(2),
    "signed_from" TIMESTAMPTZ(3),
    "signed_to" TIMESTAMPTZ(3),
    "behind_signed_at" TIMESTAMPTZ(3),
    "behind_id" UUID,
    "marked" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "invalidation_job_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "invalidation_job_campaign_id_created_at_idx" ON "invalidation_job"("campaign_id", "created_at");

ALTER TABLE "invalidation_job" ADD CONSTRAINT "invalidation_job_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Signatures that look made up, together: for people to look at, never to be dropped by themselves.
CREATE TABLE "review_group" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" BYTEA NOT NULL,
    "country" CHAR(2),
    "signed_from" TIMESTAMPTZ(3),
    "signed_to" TIMESTAMPTZ(3),
    "example_id" UUID,
    "signatures" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "found_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reviewed_at" TIMESTAMPTZ(3),
    "reviewed_by" TEXT,

    CONSTRAINT "review_group_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "review_group_campaign_id_kind_key_key" ON "review_group"("campaign_id", "kind", "key");

ALTER TABLE "review_group" ADD CONSTRAINT "review_group_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Signatories of one country, newest first, however few they are among a million.
CREATE INDEX "signature_campaign_id_country_signed_at_id_idx" ON "signature"("campaign_id", "country", "signed_at", "id");

-- Those of one country in one language, also where hardly anybody there reads it.
CREATE INDEX "signature_campaign_id_country_locale_signed_at_id_idx" ON "signature"("campaign_id", "country", "locale", "signed_at", "id");


-- What Prisma's schema cannot say.
ALTER TABLE "invalidation_job"
  ADD CONSTRAINT "invalidation_job_some_rule" CHECK (
    num_nonnulls("name_key", "email_canonical_key", "email_domain_key", "network_keys", "country", "signed_from", "signed_to") > 0),
  ADD CONSTRAINT "invalidation_job_reason_length" CHECK (length("reason") BETWEEN 1 AND 200),
  ADD CONSTRAINT "invalidation_job_finished" CHECK (("finished_at" IS NULL) = ("state" IN ('running', 'undoing')));
ALTER TABLE "review_group"
  ADD CONSTRAINT "review_group_kind" CHECK ("kind" IN ('look-alike', 'joke-name', 'same-name', 'network', 'burst')),
  ADD CONSTRAINT "review_group_reviewed" CHECK (("reviewed_at" IS NULL) = ("reviewed_by" IS NULL));
CREATE INDEX "invalidation_job_due" ON "invalidation_job" ("created_at") WHERE "state" IN ('running', 'undoing');

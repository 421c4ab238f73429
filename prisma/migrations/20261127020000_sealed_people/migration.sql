-- contracts: since the beginning: there has been no release, so nothing else runs beside this one.

-- What is sealed can only be sealed anew with its key, which no migration has.
DO $$
BEGIN
  IF EXISTS (SELECT FROM "signature") THEN
    RAISE EXCEPTION 'this database holds signatures made before the first release, which this version cannot read: start with an empty one';
  END IF;
END $$;

-- Name and address are one sealed value, filled up to one of two sizes: its length tells nothing.
ALTER TABLE "signature"
  DROP COLUMN "name_encrypted",
  DROP COLUMN "email_encrypted",
  DROP COLUMN "name_key",
  DROP COLUMN "email_canonical_key",
  DROP COLUMN "email_domain_key",
  ADD COLUMN "person_encrypted" BYTEA NOT NULL,
  ADD COLUMN "name_bucket" INTEGER NOT NULL,
  ADD COLUMN "has_address" BOOLEAN NOT NULL DEFAULT true;

CREATE INDEX "signature_campaign_id_name_bucket_idx" ON "signature"("campaign_id", "name_bucket");

-- A rule is sealed while it is being carried out and destroyed afterwards.
DELETE FROM "invalidation_job";
ALTER TABLE "invalidation_job"
  DROP COLUMN "name_key",
  DROP COLUMN "email_canonical_key",
  DROP COLUMN "email_domain_key",
  DROP COLUMN "network_keys",
  DROP COLUMN "country",
  DROP COLUMN "signed_from",
  DROP COLUMN "signed_to",
  ADD COLUMN "conditions" TEXT NOT NULL,
  ADD COLUMN "data_key_id" TEXT,
  ADD COLUMN "rule_encrypted" BYTEA;

-- Groups are found anew. What their signatures have in common is sealed: no column joins a group to a signature.
DELETE FROM "review_group";
ALTER TABLE "review_group"
  DROP COLUMN "key",
  DROP COLUMN "country",
  DROP COLUMN "signed_from",
  DROP COLUMN "signed_to",
  DROP COLUMN "example_id",
  DROP COLUMN "last_at",
  ADD COLUMN "data_key_id" TEXT NOT NULL,
  ADD COLUMN "content_encrypted" BYTEA NOT NULL;

CREATE INDEX "review_group_campaign_id_kind_idx" ON "review_group"("campaign_id", "kind");


-- What Prisma's schema cannot say.
ALTER TABLE "signature"
  -- nonce, tag and a filled text in between: a plain text written by mistake is refused, too
  ADD CONSTRAINT "signature_person_sealed" CHECK (octet_length("person_encrypted") IN (188, 1564)),
  ADD CONSTRAINT "signature_name_bucket_positive" CHECK ("name_bucket" > 0),
  ADD CONSTRAINT "signature_address_unless_paper" CHECK ("has_address" OR "source" = 'paper');
ALTER TABLE "invalidation_job"
  ADD CONSTRAINT "invalidation_job_conditions" CHECK (length("conditions") BETWEEN 1 AND 200),
  ADD CONSTRAINT "invalidation_job_rule_while_running" CHECK (("rule_encrypted" IS NOT NULL) = ("state" = 'running')),
  ADD CONSTRAINT "invalidation_job_rule_whole" CHECK (("rule_encrypted" IS NULL) = ("data_key_id" IS NULL));

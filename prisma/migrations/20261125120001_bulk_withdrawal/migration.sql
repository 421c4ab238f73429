-- Withdrawn in one go: marked invalid first, deleted by the worker once the hour to take it back is over.
ALTER TABLE "signature_invalidation" ADD COLUMN "delete_at" TIMESTAMPTZ(3), ADD COLUMN "delete_job_id" UUID;

CREATE INDEX "signature_invalidation_delete_job_id_idx" ON "signature_invalidation"("delete_job_id");

-- When its signer last corrected it; never what was changed.
ALTER TABLE "signature" ADD COLUMN "corrected_at" TIMESTAMPTZ(3);


-- What Prisma's schema cannot say.
ALTER TABLE "signature_invalidation"
  ADD CONSTRAINT "signature_invalidation_delete" CHECK (("delete_at" IS NULL) = ("delete_job_id" IS NULL));
CREATE INDEX "signature_invalidation_delete_due" ON "signature_invalidation" ("delete_at") WHERE "delete_at" IS NOT NULL;
-- Signatures of earlier releases, without a key that later ones search by. A sealed address of 28 bytes is empty: on paper.
CREATE INDEX "signature_without_keys" ON "signature" ("id") WHERE "name_key" IS NULL
  OR octet_length("email_encrypted") > 28 AND ("email_canonical_key" IS NULL OR "email_domain_key" IS NULL);

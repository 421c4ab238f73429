-- Signatures that were given on paper, beside those given on the site.
CREATE TYPE "signature_source" AS ENUM ('web', 'paper');

ALTER TABLE "signature" ADD COLUMN "source" "signature_source" NOT NULL DEFAULT 'web', ADD COLUMN "paper_import_id" UUID;

-- A sheet between its preview and its import, sealed; afterwards only what became of it.
CREATE TABLE "paper_import" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "data_key_id" TEXT NOT NULL,
    "rows_encrypted" BYTEA,
    "file_key" BYTEA NOT NULL,
    "signatures" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "imported_at" TIMESTAMPTZ(3),

    CONSTRAINT "paper_import_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "paper_import_campaign_id_created_at_idx" ON "paper_import"("campaign_id", "created_at");

ALTER TABLE "paper_import" ADD CONSTRAINT "paper_import_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
ALTER TABLE "paper_import"
  ADD CONSTRAINT "paper_import_state" CHECK ("state" IN ('draft', 'imported', 'undone')),
  ADD CONSTRAINT "paper_import_rows_while_draft" CHECK (("rows_encrypted" IS NOT NULL) = ("state" = 'draft')),
  ADD CONSTRAINT "paper_import_imported" CHECK (("imported_at" IS NULL) = ("state" = 'draft'));
-- No file is imported twice.
CREATE UNIQUE INDEX "paper_import_once" ON "paper_import" ("campaign_id", "file_key") WHERE "state" = 'imported';
CREATE INDEX "signature_paper" ON "signature" ("campaign_id", "signed_at", "id") WHERE "source" = 'paper';
CREATE INDEX "signature_paper_import" ON "signature" ("paper_import_id") WHERE "paper_import_id" IS NOT NULL;
-- An address is sealed, never empty, save on paper, where there may be none: 28 bytes of nonce and tag around nothing. Not
-- validated: every row met the stricter rule.
ALTER TABLE "signature" DROP CONSTRAINT "signature_email_sealed";
ALTER TABLE "signature" ADD CONSTRAINT "signature_email_sealed"
  CHECK (octet_length("email_encrypted") > 28 OR "source" = 'paper' AND octet_length("email_encrypted") = 28) NOT VALID;

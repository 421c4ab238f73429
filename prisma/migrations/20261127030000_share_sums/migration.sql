-- contracts: since no release is out yet, and a code of a single signer must not outlive this one
-- What share links bring, in sums over many (docs/decisions/0013). No table knows a link any more.
CREATE TABLE "share_sum" (
    "campaign_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "shard" SMALLINT NOT NULL,
    "visits" BIGINT NOT NULL DEFAULT 0,
    "signed" BIGINT NOT NULL DEFAULT 0,
    "confirmed" BIGINT NOT NULL DEFAULT 0,
    "networks" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "share_sum_pkey" PRIMARY KEY ("campaign_id","kind","key","shard")
);

-- How a pending signature came, until it is counted.
ALTER TABLE "signature"
  ADD COLUMN "came_channel" TEXT,
  ADD COLUMN "came_step" SMALLINT;

-- What all share codes of a campaign begin with.
ALTER TABLE "campaign" ADD COLUMN "share_stem" TEXT;

CREATE UNIQUE INDEX "campaign_share_stem_key" ON "campaign"("share_stem");

ALTER TABLE "share_sum" ADD CONSTRAINT "share_sum_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The codes of single signers, and sites that nobody named, go.
DROP TABLE "share_visit";
DROP TABLE "share_code";
DROP INDEX "signature_ref_state";
DROP INDEX "signature_origin";
-- The desk counts the few that were signed on other sites.
CREATE INDEX "signature_elsewhere" ON "signature" ("campaign_id") WHERE "origin" IS NOT NULL;
UPDATE "signature" SET "ref" = NULL, "origin" = NULL WHERE "ref" IS NOT NULL OR "origin" IS NOT NULL;


-- What Prisma's schema cannot say.
ALTER TABLE "share_sum"
  ADD CONSTRAINT "share_sum_kind_known" CHECK ("kind" IN ('channel', 'language', 'step', 'site')),
  ADD CONSTRAINT "share_sum_shard_range" CHECK ("shard" BETWEEN 0 AND 15),
  ADD CONSTRAINT "share_sum_counts_up" CHECK ("visits" >= 0 AND "signed" >= 0 AND "confirmed" >= 0);
ALTER TABLE "signature"
  ADD CONSTRAINT "signature_came_step_known" CHECK ("came_step" BETWEEN 1 AND 3),
  ADD CONSTRAINT "signature_came_until_confirmed" CHECK (("came_channel" IS NULL) = ("came_step" IS NULL) AND ("came_step" IS NULL OR "state" <> 'confirmed')),
  ADD CONSTRAINT "signature_ref_form" CHECK ("ref" ~ '^[23456789bcdfghjkmnpqrstvwxz]{8}$');
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_share_stem_form" CHECK ("share_stem" ~ '^[23456789bcdfghjkmnpqrstvwxz]{6}$');

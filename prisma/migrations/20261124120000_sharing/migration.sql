-- Who may frame the form and post it, and how the goal goes up.
ALTER TABLE "campaign"
  ADD COLUMN "allowed_origins" TEXT[],
  ADD COLUMN "next_goals" INTEGER[] DEFAULT ARRAY[25000, 50000, 100000, 250000, 500000, 1000000]::INTEGER[];

-- The site whose page held the form, when it was not ours; and when the link to the signer's own page was last asked for.
ALTER TABLE "signature"
  ADD COLUMN "origin" TEXT,
  ADD COLUMN "access_requested_at" TIMESTAMPTZ(3);

ALTER TYPE "mail_kind" ADD VALUE 'access';
ALTER TYPE "suppression_reason" ADD VALUE 'erased';

-- A short link: of one signer, or of one channel in one language.
CREATE TABLE "share_code" (
    "code" TEXT NOT NULL,
    "campaign_id" UUID NOT NULL,
    "locale" TEXT NOT NULL,
    "channel" TEXT,
    "signature_id" UUID,
    "parent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "share_code_pkey" PRIMARY KEY ("code")
);

-- Visits by day, spread over shards so that a link that goes round the world is no hot row.
CREATE TABLE "share_visit" (
    "code" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "shard" SMALLINT NOT NULL,
    "visits" INTEGER NOT NULL,

    CONSTRAINT "share_visit_pkey" PRIMARY KEY ("code","day","shard")
);

-- Texts of a campaign that replace the ones the interface comes with.
CREATE TABLE "campaign_text" (
    "campaign_id" UUID NOT NULL,
    "locale" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_text_pkey" PRIMARY KEY ("campaign_id","locale","key")
);

CREATE TABLE "campaign_milestone" (
    "campaign_id" UUID NOT NULL,
    "goal" INTEGER NOT NULL,
    "percent" SMALLINT NOT NULL,
    "reached_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_milestone_pkey" PRIMARY KEY ("campaign_id","goal","percent")
);

CREATE TABLE "campaign_update" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "locale" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaign_update_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "share_code_signature_id_key" ON "share_code"("signature_id");
CREATE UNIQUE INDEX "share_code_campaign_id_locale_channel_key" ON "share_code"("campaign_id", "locale", "channel");
CREATE INDEX "share_code_parent_idx" ON "share_code"("parent");
CREATE INDEX "campaign_update_campaign_id_locale_published_at_idx" ON "campaign_update"("campaign_id", "locale", "published_at");

ALTER TABLE "share_code" ADD CONSTRAINT "share_code_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
-- A signature that is taken back leaves its link working, with nobody behind it.
ALTER TABLE "share_code" ADD CONSTRAINT "share_code_signature_id_fkey" FOREIGN KEY ("signature_id") REFERENCES "signature"("id") ON DELETE SET NULL ON UPDATE CASCADE;
ALTER TABLE "share_visit" ADD CONSTRAINT "share_visit_code_fkey" FOREIGN KEY ("code") REFERENCES "share_code"("code") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "campaign_text" ADD CONSTRAINT "campaign_text_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "campaign_milestone" ADD CONSTRAINT "campaign_milestone_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "campaign_update" ADD CONSTRAINT "campaign_update_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
ALTER TABLE "campaign" ADD CONSTRAINT "campaign_next_goals_positive" CHECK (0 < ALL ("next_goals"));
ALTER TABLE "signature" ADD CONSTRAINT "signature_origin_form" CHECK ("origin" ~ '^https?://[^/?#@[:space:]]+$' AND length("origin") <= 255);
ALTER TABLE "share_code"
  ADD CONSTRAINT "share_code_form" CHECK ("code" ~ '^[a-z0-9]{6,16}$'),
  ADD CONSTRAINT "share_code_locale_known" CHECK ("locale" IN ('en', 'ur', 'fa-AF', 'ps')),
  ADD CONSTRAINT "share_code_of_one" CHECK ("channel" IS NULL OR "signature_id" IS NULL);
ALTER TABLE "share_visit"
  ADD CONSTRAINT "share_visit_shard_range" CHECK ("shard" BETWEEN 0 AND 7),
  ADD CONSTRAINT "share_visit_counts_up" CHECK ("visits" > 0);
ALTER TABLE "campaign_text" ADD CONSTRAINT "campaign_text_locale_known" CHECK ("locale" IN ('en', 'ur', 'fa-AF', 'ps'));
ALTER TABLE "campaign_milestone" ADD CONSTRAINT "campaign_milestone_percent_known" CHECK ("percent" IN (25, 50, 75, 100));
ALTER TABLE "campaign_update" ADD CONSTRAINT "campaign_update_locale_known" CHECK ("locale" IN ('en', 'ur', 'fa-AF', 'ps'));

-- Who came through a code; and who may be shown by name, newest first.
CREATE INDEX "signature_ref" ON "signature" ("ref") WHERE "ref" IS NOT NULL;
CREATE INDEX "signature_public" ON "signature" ("campaign_id", "confirmed_at" DESC) WHERE "public_name" AND "state" = 'confirmed';

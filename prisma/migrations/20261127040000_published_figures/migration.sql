-- The count that the public is shown. It follows the confirmed signatures in steps of several changes (docs/decisions/0008).
CREATE TABLE "published_count" (
    "campaign_id" UUID NOT NULL,
    "count" BIGINT NOT NULL DEFAULT 0,
    "gained" BIGINT NOT NULL DEFAULT 0,
    "removed" BIGINT NOT NULL DEFAULT 0,
    "published_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "threshold" SMALLINT NOT NULL,
    "due_at" TIMESTAMPTZ(3),

    CONSTRAINT "published_count_pkey" PRIMARY KEY ("campaign_id")
);

-- By how much the published count moved in each hour.
CREATE TABLE "published_hour" (
    "campaign_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "change" BIGINT NOT NULL,

    CONSTRAINT "published_hour_pkey" PRIMARY KEY ("campaign_id","hour")
);

ALTER TABLE "published_count" ADD CONSTRAINT "published_count_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "published_hour" ADD CONSTRAINT "published_hour_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What else is told of a campaign in secret steps: one row for each country, and one for those who show their names.
CREATE TABLE "told_figure" (
    "campaign_id" UUID NOT NULL,
    "of" TEXT NOT NULL,
    "told" INTEGER NOT NULL DEFAULT 0,
    "rise_at" INTEGER NOT NULL,
    "fall_at" INTEGER NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "told_figure_pkey" PRIMARY KEY ("campaign_id","of")
);

-- From how many networks they came on each day. A number alone: it leads to no signature and no network.
CREATE TABLE "network_tally" (
    "campaign_id" UUID NOT NULL,
    "of" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "networks" INTEGER NOT NULL,

    CONSTRAINT "network_tally_pkey" PRIMARY KEY ("campaign_id","of","day")
);

-- Whose names are shown just now. A signature that goes takes its row along.
CREATE TABLE "shown_name" (
    "signature_id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,

    CONSTRAINT "shown_name_pkey" PRIMARY KEY ("signature_id")
);

CREATE INDEX "shown_name_campaign_id_idx" ON "shown_name"("campaign_id");

ALTER TABLE "told_figure" ADD CONSTRAINT "told_figure_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "network_tally" ADD CONSTRAINT "network_tally_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "shown_name" ADD CONSTRAINT "shown_name_signature_id_fkey" FOREIGN KEY ("signature_id") REFERENCES "signature"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "shown_name" ADD CONSTRAINT "shown_name_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
ALTER TABLE "published_count" ADD CONSTRAINT "published_count_threshold_range" CHECK ("threshold" BETWEEN 3 AND 5);
ALTER TABLE "told_figure" ADD CONSTRAINT "told_figure_in_tens" CHECK ("told" >= 0 AND "told" % 10 = 0);

-- From how many networks the latest confirmations came, out of the index alone.
CREATE INDEX "signature_confirmed_network" ON "signature" ("campaign_id", "confirmed_at", "network_key")
  WHERE "state" = 'confirmed' AND "network_key" IS NOT NULL;

-- Every process renders its pages anew when the published count moves, and not when somebody confirms.
CREATE TRIGGER "published_count_announces_change" AFTER UPDATE OF "count" ON "published_count"
  FOR EACH STATEMENT EXECUTE FUNCTION "announce_campaign_change"();

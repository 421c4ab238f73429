-- Of a name that may be shown, only its first letter; and when news was last corrected.
ALTER TABLE "signature" ADD COLUMN "public_initial" BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE "campaign_update" ADD COLUMN "changed_at" TIMESTAMPTZ(3);

-- Confirmed signatures that were taken back or no longer count, beside those that do: both only ever add up.
ALTER TABLE "confirmed_count" ADD COLUMN "removed" BIGINT NOT NULL DEFAULT 0;

-- What the public is shown by country, and what had happened by then (docs/decisions/0008).
CREATE TABLE "country_figures" (
    "campaign_id" UUID NOT NULL,
    "shown" JSONB NOT NULL,
    "gained" BIGINT NOT NULL,
    "removed" BIGINT NOT NULL,
    "taken_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "country_figures_pkey" PRIMARY KEY ("campaign_id")
);

ALTER TABLE "country_figures" ADD CONSTRAINT "country_figures_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
CREATE OR REPLACE FUNCTION "add_to_confirmed_count"(campaign uuid, change bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO "confirmed_count" ("campaign_id", "shard", "confirmed", "removed", "updated_at")
  VALUES (campaign, floor(random() * 16)::smallint, change, greatest(-change, 0), now())
  ON CONFLICT ("campaign_id", "shard")
  DO UPDATE SET "confirmed" = "confirmed_count"."confirmed" + EXCLUDED."confirmed",
    "removed" = "confirmed_count"."removed" + EXCLUDED."removed", "updated_at" = EXCLUDED."updated_at";
$$;

-- Texts and news are told to every web process at once, as the campaign itself is.
CREATE TRIGGER "campaign_text_announces_change" AFTER INSERT OR UPDATE OR DELETE ON "campaign_text"
  FOR EACH STATEMENT EXECUTE FUNCTION "announce_campaign_change"();
CREATE TRIGGER "campaign_update_announces_change" AFTER INSERT OR UPDATE OR DELETE ON "campaign_update"
  FOR EACH STATEMENT EXECUTE FUNCTION "announce_campaign_change"();

-- What each code and each site brought, out of the index alone.
CREATE INDEX "signature_ref_state" ON "signature" ("ref", "state") WHERE "ref" IS NOT NULL;
DROP INDEX "signature_ref";
CREATE INDEX "signature_origin" ON "signature" ("campaign_id", "origin", "state") WHERE "origin" IS NOT NULL;

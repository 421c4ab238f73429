-- Of somebody who was suppressed or erased, no row tells that they had signed, when, or how many mails they were sent.
-- contracts: since before the first release, nothing that runs needs what it takes away
ALTER TABLE "suppression" DROP CONSTRAINT "suppression_retried_after_bounce";
ALTER TABLE "suppression" RENAME COLUMN "created_at" TO "since";
ALTER TABLE "suppression" RENAME COLUMN "retried_at" TO "retried_on";
ALTER TYPE "suppression_reason" RENAME TO "suppression_reason_before";
CREATE TYPE "suppression_reason" AS ENUM ('bounced', 'complained', 'stopped');
ALTER TABLE "suppression"
  ALTER COLUMN "reason" TYPE "suppression_reason" USING
    (CASE WHEN "reason"::text IN ('bounced', 'complained') THEN "reason"::text ELSE 'stopped' END)::"suppression_reason",
  ALTER COLUMN "since" TYPE DATE USING ("since" AT TIME ZONE 'UTC')::date,
  ALTER COLUMN "retried_on" TYPE DATE USING ("retried_on" AT TIME ZONE 'UTC')::date;
DROP TYPE "suppression_reason_before";

DELETE FROM "suppression_link";
ALTER TABLE "suppression_link" ADD COLUMN "slot" SMALLINT NOT NULL;
DROP INDEX "suppression_link_mailbox_key_idx";
CREATE UNIQUE INDEX "suppression_link_mailbox_key_slot_key" ON "suppression_link"("mailbox_key", "slot");


-- What Prisma's schema cannot say.
ALTER TABLE "suppression" ADD CONSTRAINT "suppression_retried_after_bounce" CHECK ("retried_on" IS NULL OR "reason" = 'bounced');
ALTER TABLE "suppression_link" ADD CONSTRAINT "suppression_link_slot_range" CHECK ("slot" BETWEEN 0 AND 3);

-- The count tells nobody's moment of confirming.
CREATE OR REPLACE FUNCTION "add_to_confirmed_count"(campaign uuid, change bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO "confirmed_count" ("campaign_id", "shard", "confirmed", "removed", "updated_at")
  VALUES (campaign, floor(random() * 16)::smallint, change, greatest(-change, 0), date_trunc('hour', now(), 'UTC'))
  ON CONFLICT ("campaign_id", "shard")
  DO UPDATE SET "confirmed" = "confirmed_count"."confirmed" + EXCLUDED."confirmed",
    "removed" = "confirmed_count"."removed" + EXCLUDED."removed", "updated_at" = EXCLUDED."updated_at";
$$;
UPDATE "confirmed_count" SET "updated_at" = date_trunc('hour', "updated_at", 'UTC');

-- A mail leaves its batch when it is sent or given up: a gap in the batch would tell that somebody was erased, and its time when
-- they had signed.
UPDATE "mail" SET "batch_id" = NULL, "position" = NULL WHERE "state" IN ('sent', 'dead');
ALTER TABLE "mail" DROP CONSTRAINT "mail_batch_with_state";
ALTER TABLE "mail" ADD CONSTRAINT "mail_batch_with_state" CHECK (("state" = 'batched') = ("batch_id" IS NOT NULL));
UPDATE "mail_batch" SET "mails_frozen" = NULL, "member_gone_at" = NULL WHERE "state" <> 'frozen';
ALTER TABLE "mail_batch" ADD CONSTRAINT "mail_batch_counted_while_frozen"
  CHECK ("state" = 'frozen' OR ("mails_frozen" IS NULL AND "member_gone_at" IS NULL));

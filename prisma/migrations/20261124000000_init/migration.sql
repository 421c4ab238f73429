-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "campaign_status" AS ENUM ('open', 'closed');

-- CreateEnum
CREATE TYPE "signature_state" AS ENUM ('pending', 'confirmed');

-- CreateEnum
CREATE TYPE "token_purpose" AS ENUM ('confirm', 'manage', 'unsubscribe');

-- CreateEnum
CREATE TYPE "mail_kind" AS ENUM ('confirmation', 'reminder', 'confirmed');

-- CreateEnum
CREATE TYPE "mail_state" AS ENUM ('queued', 'batched', 'sent', 'dead');

-- CreateEnum
CREATE TYPE "mail_batch_state" AS ENUM ('frozen', 'finished', 'ambiguous');

-- CreateEnum
CREATE TYPE "suppression_reason" AS ENUM ('unsubscribed', 'bounced', 'complained');

-- CreateTable
CREATE TABLE "campaign" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "status" "campaign_status" NOT NULL DEFAULT 'open',
    "goal" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "consent_text" (
    "id" UUID NOT NULL,
    "version" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_text_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signature" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "mailbox_key" BYTEA NOT NULL,
    "data_key_id" TEXT NOT NULL,
    "name_encrypted" BYTEA NOT NULL,
    "email_encrypted" BYTEA NOT NULL,
    "country" CHAR(2) NOT NULL,
    "locale" TEXT NOT NULL,
    "state" "signature_state" NOT NULL DEFAULT 'pending',
    "wants_updates" BOOLEAN NOT NULL,
    "public_name" BOOLEAN NOT NULL,
    "ref" TEXT,
    "consent_text_id" UUID NOT NULL,
    "signed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "confirmed_at" TIMESTAMPTZ(3),
    "mail_requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signature_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "confirmed_count" (
    "campaign_id" UUID NOT NULL,
    "shard" SMALLINT NOT NULL,
    "confirmed" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "confirmed_count_pkey" PRIMARY KEY ("campaign_id","shard")
);

-- CreateTable
CREATE TABLE "token" (
    "hash" BYTEA NOT NULL,
    "purpose" "token_purpose" NOT NULL,
    "signature_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),

    CONSTRAINT "token_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "mail" (
    "id" UUID NOT NULL,
    "signature_id" UUID NOT NULL,
    "kind" "mail_kind" NOT NULL,
    "state" "mail_state" NOT NULL DEFAULT 'queued',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "batch_id" UUID,
    "position" INTEGER,
    "provider_id" TEXT,
    "reason" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_batch" (
    "id" UUID NOT NULL,
    "state" "mail_batch_state" NOT NULL DEFAULT 'frozen',
    "data_key_id" TEXT NOT NULL,
    "payload_encrypted" BYTEA,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first_attempt_at" TIMESTAMPTZ(3),
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leased_until" TIMESTAMPTZ(3),
    "leased_by" UUID,
    "last_reason" TEXT,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "mail_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "mail_pause" (
    "id" SMALLINT NOT NULL,
    "paused_until" TIMESTAMPTZ(3),
    "reason" TEXT,

    CONSTRAINT "mail_pause_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "suppression" (
    "mailbox_key" BYTEA NOT NULL,
    "reason" "suppression_reason" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "suppression_pkey" PRIMARY KEY ("mailbox_key")
);

-- CreateTable
CREATE TABLE "network_minute" (
    "network_key" BYTEA NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "hits" INTEGER NOT NULL,

    CONSTRAINT "network_minute_pkey" PRIMARY KEY ("network_key","minute")
);

-- CreateIndex
CREATE UNIQUE INDEX "campaign_slug_key" ON "campaign"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "consent_text_version_locale_key" ON "consent_text"("version", "locale");

-- CreateIndex
CREATE INDEX "signature_campaign_id_signed_at_id_idx" ON "signature"("campaign_id", "signed_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "signature_campaign_id_mailbox_key_key" ON "signature"("campaign_id", "mailbox_key");

-- CreateIndex
CREATE INDEX "token_signature_id_idx" ON "token"("signature_id");

-- CreateIndex
CREATE INDEX "mail_signature_id_idx" ON "mail"("signature_id");

-- CreateIndex
CREATE UNIQUE INDEX "mail_batch_id_position_key" ON "mail"("batch_id", "position");

-- CreateIndex
CREATE INDEX "network_minute_minute_idx" ON "network_minute"("minute");

-- AddForeignKey
ALTER TABLE "signature" ADD CONSTRAINT "signature_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "signature" ADD CONSTRAINT "signature_consent_text_id_fkey" FOREIGN KEY ("consent_text_id") REFERENCES "consent_text"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "confirmed_count" ADD CONSTRAINT "confirmed_count_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "token" ADD CONSTRAINT "token_signature_id_fkey" FOREIGN KEY ("signature_id") REFERENCES "signature"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_signature_id_fkey" FOREIGN KEY ("signature_id") REFERENCES "signature"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "mail" ADD CONSTRAINT "mail_batch_id_fkey" FOREIGN KEY ("batch_id") REFERENCES "mail_batch"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- What Prisma's schema cannot say: rules that make wrong states impossible.

ALTER TABLE "campaign"
  ADD CONSTRAINT "campaign_goal_positive" CHECK ("goal" > 0),
  ADD CONSTRAINT "campaign_slug_form" CHECK ("slug" ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  ADD CONSTRAINT "campaign_closed_at_with_status" CHECK (("status" = 'closed') = ("closed_at" IS NOT NULL));

ALTER TABLE "consent_text"
  ADD CONSTRAINT "consent_text_locale_known" CHECK ("locale" IN ('en', 'ur', 'fa-AF', 'ps'));

ALTER TABLE "signature"
  ADD CONSTRAINT "signature_mailbox_key_length" CHECK (octet_length("mailbox_key") = 32),
  ADD CONSTRAINT "signature_country_form" CHECK ("country" ~ '^[A-Z]{2}$'),
  ADD CONSTRAINT "signature_locale_known" CHECK ("locale" IN ('en', 'ur', 'fa-AF', 'ps')),
  ADD CONSTRAINT "signature_confirmed_at_with_state" CHECK (("state" = 'confirmed') = ("confirmed_at" IS NOT NULL)),
  ADD CONSTRAINT "signature_confirmed_after_signed" CHECK ("confirmed_at" >= "signed_at"),
  -- nonce (12 bytes) and tag (16 bytes) at the least: a plain text written by mistake is refused
  ADD CONSTRAINT "signature_name_sealed" CHECK (octet_length("name_encrypted") > 28),
  ADD CONSTRAINT "signature_email_sealed" CHECK (octet_length("email_encrypted") > 28);

ALTER TABLE "confirmed_count"
  ADD CONSTRAINT "confirmed_count_shard_range" CHECK ("shard" BETWEEN 0 AND 15);

ALTER TABLE "token"
  ADD CONSTRAINT "token_hash_length" CHECK (octet_length("hash") = 32),
  ADD CONSTRAINT "token_confirm_expires" CHECK ("purpose" <> 'confirm' OR "expires_at" IS NOT NULL);

ALTER TABLE "mail"
  ADD CONSTRAINT "mail_batch_with_state" CHECK (
    ("state" = 'queued' AND "batch_id" IS NULL) OR ("state" = 'batched' AND "batch_id" IS NOT NULL) OR "state" IN ('sent', 'dead')
  ),
  ADD CONSTRAINT "mail_position_with_batch" CHECK (("batch_id" IS NULL) = ("position" IS NULL)),
  ADD CONSTRAINT "mail_finished_at_with_state" CHECK (("state" IN ('sent', 'dead')) = ("finished_at" IS NOT NULL)),
  ADD CONSTRAINT "mail_reason_with_state" CHECK ("state" <> 'dead' OR "reason" IS NOT NULL);

ALTER TABLE "mail_batch"
  ADD CONSTRAINT "mail_batch_payload_with_state" CHECK (("state" = 'finished') = ("payload_encrypted" IS NULL)),
  ADD CONSTRAINT "mail_batch_finished_at_with_state" CHECK (("state" = 'finished') = ("finished_at" IS NOT NULL)),
  ADD CONSTRAINT "mail_batch_lease_whole" CHECK (("leased_until" IS NULL) = ("leased_by" IS NULL));

ALTER TABLE "mail_pause" ADD CONSTRAINT "mail_pause_single_row" CHECK ("id" = 1);
INSERT INTO "mail_pause" ("id") VALUES (1);

ALTER TABLE "suppression" ADD CONSTRAINT "suppression_mailbox_key_length" CHECK (octet_length("mailbox_key") = 32);

-- The two queues, oldest first, without the finished rows.
CREATE INDEX "mail_queued" ON "mail" ("created_at", "id") WHERE "state" = 'queued';
CREATE INDEX "mail_batch_due" ON "mail_batch" ("next_attempt_at") WHERE "state" = 'frozen';

-- A consent text is history: what somebody agreed to is never rewritten.
CREATE FUNCTION "refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER "consent_text_immutable" BEFORE UPDATE ON "consent_text" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();

-- The count of confirmed signatures is kept in the same transaction as the signatures themselves, whoever writes
-- them. A statement adds what it changed to one of 16 shards, so that no row is hot.
CREATE FUNCTION "add_to_confirmed_count"(campaign uuid, change bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO "confirmed_count" ("campaign_id", "shard", "confirmed", "updated_at")
  VALUES (campaign, floor(random() * 16)::smallint, change, now())
  ON CONFLICT ("campaign_id", "shard")
  DO UPDATE SET "confirmed" = "confirmed_count"."confirmed" + EXCLUDED."confirmed", "updated_at" = EXCLUDED."updated_at";
$$;

CREATE FUNCTION "count_confirmed"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM "add_to_confirmed_count"("campaign_id", count(*))
      FROM "new_rows" WHERE "state" = 'confirmed' GROUP BY "campaign_id";
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM "add_to_confirmed_count"("campaign_id", -count(*))
      FROM "old_rows" WHERE "state" = 'confirmed' GROUP BY "campaign_id";
  ELSE
    PERFORM "add_to_confirmed_count"("campaign_id", sum("change")::bigint) FROM (
      SELECT "campaign_id", 1 AS "change" FROM "new_rows" WHERE "state" = 'confirmed'
      UNION ALL
      SELECT "campaign_id", -1 FROM "old_rows" WHERE "state" = 'confirmed'
    ) AS "changes" GROUP BY "campaign_id" HAVING sum("change") <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "signature_count_insert" AFTER INSERT ON "signature"
  REFERENCING NEW TABLE AS "new_rows" FOR EACH STATEMENT EXECUTE FUNCTION "count_confirmed"();
CREATE TRIGGER "signature_count_delete" AFTER DELETE ON "signature"
  REFERENCING OLD TABLE AS "old_rows" FOR EACH STATEMENT EXECUTE FUNCTION "count_confirmed"();
CREATE TRIGGER "signature_count_update" AFTER UPDATE ON "signature"
  REFERENCING OLD TABLE AS "old_rows" NEW TABLE AS "new_rows" FOR EACH STATEMENT EXECUTE FUNCTION "count_confirmed"();

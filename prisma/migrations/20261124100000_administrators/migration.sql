-- CreateEnum
CREATE TYPE "admin_role" AS ENUM ('viewer', 'exporter', 'owner');

-- CreateTable
CREATE TABLE "admin_account" (
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "role" "admin_role" NOT NULL,
    "password_hash" TEXT,
    "totp_encrypted" BYTEA,
    "data_key_id" TEXT,
    "totp_last_step" BIGINT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "admin_account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_enrolment" (
    "hash" BYTEA NOT NULL,
    "account_id" UUID NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "admin_enrolment_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "admin_recovery_code" (
    "account_id" UUID NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "admin_recovery_code_pkey" PRIMARY KEY ("account_id","hash")
);

-- CreateTable
CREATE TABLE "admin_session" (
    "id" UUID NOT NULL,
    "account_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "admin_session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_failure" (
    "key" BYTEA NOT NULL,
    "failures" INTEGER NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "admin_failure_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "api_token" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "hash" BYTEA NOT NULL,
    "role" "admin_role" NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "sequence" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" UUID,
    "actor_label" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "detail" TEXT NOT NULL,
    "previous_hash" BYTEA NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "admin_account_email_key" ON "admin_account"("email");
CREATE INDEX "admin_enrolment_account_id_idx" ON "admin_enrolment"("account_id");
CREATE INDEX "admin_session_account_id_idx" ON "admin_session"("account_id");
CREATE UNIQUE INDEX "api_token_name_key" ON "api_token"("name");
CREATE UNIQUE INDEX "api_token_hash_key" ON "api_token"("hash");
CREATE UNIQUE INDEX "audit_entry_id_key" ON "audit_entry"("id");
CREATE INDEX "audit_entry_action_sequence_idx" ON "audit_entry"("action", "sequence");
CREATE INDEX "audit_entry_actor_label_sequence_idx" ON "audit_entry"("actor_label", "sequence");

-- AddForeignKey
ALTER TABLE "admin_enrolment" ADD CONSTRAINT "admin_enrolment_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "admin_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "admin_recovery_code" ADD CONSTRAINT "admin_recovery_code_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "admin_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE "admin_session" ADD CONSTRAINT "admin_session_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "admin_account"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.

ALTER TABLE "admin_account"
  ADD CONSTRAINT "admin_account_email_lower" CHECK ("email" = lower("email")),
  ADD CONSTRAINT "admin_account_enrolled_whole" CHECK (
    ("password_hash" IS NULL) = ("totp_encrypted" IS NULL) AND ("totp_encrypted" IS NULL) = ("data_key_id" IS NULL)
  );
ALTER TABLE "admin_enrolment" ADD CONSTRAINT "admin_enrolment_hash_length" CHECK (octet_length("hash") = 32);
ALTER TABLE "admin_recovery_code" ADD CONSTRAINT "admin_recovery_code_hash_length" CHECK (octet_length("hash") = 32);
ALTER TABLE "api_token"
  ADD CONSTRAINT "api_token_hash_length" CHECK (octet_length("hash") = 32),
  ADD CONSTRAINT "api_token_name_form" CHECK ("name" ~ '^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$');
ALTER TABLE "audit_entry"
  ADD CONSTRAINT "audit_entry_actor_kind_known" CHECK ("actor_kind" IN ('account', 'token', 'system')),
  ADD CONSTRAINT "audit_entry_hash_length" CHECK (octet_length("hash") = 32 AND octet_length("previous_hash") = 32);

-- History is only ever added to.
CREATE FUNCTION "refuse_removal"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% rows are never changed or removed', TG_TABLE_NAME;
END $$;
CREATE TRIGGER "audit_entry_immutable" BEFORE UPDATE OR DELETE ON "audit_entry"
  FOR EACH ROW EXECUTE FUNCTION "refuse_removal"();
CREATE TRIGGER "audit_entry_kept" BEFORE TRUNCATE ON "audit_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_removal"();


-- Figures by hour, country and language. Whoever writes signatures adds what changed as new rows, so that no row is hot;
-- the worker folds them into the hours. The sum of both is exact at any moment.
CREATE TABLE "signature_change" (
    "id" BIGSERIAL NOT NULL,
    "campaign_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "country" CHAR(2) NOT NULL,
    "locale" TEXT NOT NULL,
    "signed" INTEGER NOT NULL,
    "confirmed" INTEGER NOT NULL,

    CONSTRAINT "signature_change_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "signature_hour" (
    "campaign_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "country" CHAR(2) NOT NULL,
    "locale" TEXT NOT NULL,
    "signed" INTEGER NOT NULL,
    "confirmed" INTEGER NOT NULL,

    CONSTRAINT "signature_hour_pkey" PRIMARY KEY ("campaign_id","hour","country","locale")
);

CREATE FUNCTION "note_signature_changes"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO "signature_change" ("campaign_id", "hour", "country", "locale", "signed", "confirmed")
    SELECT "campaign_id", date_trunc('hour', "signed_at", 'UTC'), "country", "locale", count(*), 0
      FROM "new_rows" GROUP BY 1, 2, 3, 4;
    INSERT INTO "signature_change" ("campaign_id", "hour", "country", "locale", "signed", "confirmed")
    SELECT "campaign_id", date_trunc('hour', "confirmed_at", 'UTC'), "country", "locale", 0, count(*)
      FROM "new_rows" WHERE "state" = 'confirmed' GROUP BY 1, 2, 3, 4;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO "signature_change" ("campaign_id", "hour", "country", "locale", "signed", "confirmed")
    SELECT "campaign_id", date_trunc('hour', "signed_at", 'UTC'), "country", "locale", -count(*), 0
      FROM "old_rows" GROUP BY 1, 2, 3, 4;
    INSERT INTO "signature_change" ("campaign_id", "hour", "country", "locale", "signed", "confirmed")
    SELECT "campaign_id", date_trunc('hour', "confirmed_at", 'UTC'), "country", "locale", 0, -count(*)
      FROM "old_rows" WHERE "state" = 'confirmed' GROUP BY 1, 2, 3, 4;
  ELSE
    INSERT INTO "signature_change" ("campaign_id", "hour", "country", "locale", "signed", "confirmed")
    SELECT "campaign_id", "hour", "country", "locale", sum("signed"), sum("confirmed") FROM (
      SELECT "campaign_id", date_trunc('hour', "signed_at", 'UTC') AS "hour", "country", "locale", 1 AS "signed", 0 AS "confirmed"
        FROM "new_rows"
      UNION ALL
      SELECT "campaign_id", date_trunc('hour', "confirmed_at", 'UTC'), "country", "locale", 0, 1
        FROM "new_rows" WHERE "state" = 'confirmed'
      UNION ALL
      SELECT "campaign_id", date_trunc('hour', "signed_at", 'UTC'), "country", "locale", -1, 0 FROM "old_rows"
      UNION ALL
      SELECT "campaign_id", date_trunc('hour', "confirmed_at", 'UTC'), "country", "locale", 0, -1
        FROM "old_rows" WHERE "state" = 'confirmed'
    ) AS "changes" GROUP BY 1, 2, 3, 4 HAVING sum("signed") <> 0 OR sum("confirmed") <> 0;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER "signature_change_insert" AFTER INSERT ON "signature"
  REFERENCING NEW TABLE AS "new_rows" FOR EACH STATEMENT EXECUTE FUNCTION "note_signature_changes"();
CREATE TRIGGER "signature_change_delete" AFTER DELETE ON "signature"
  REFERENCING OLD TABLE AS "old_rows" FOR EACH STATEMENT EXECUTE FUNCTION "note_signature_changes"();
CREATE TRIGGER "signature_change_update" AFTER UPDATE ON "signature"
  REFERENCING OLD TABLE AS "old_rows" NEW TABLE AS "new_rows" FOR EACH STATEMENT EXECUTE FUNCTION "note_signature_changes"();

-- Signatures made before this migration.
INSERT INTO "signature_hour" ("campaign_id", "hour", "country", "locale", "signed", "confirmed")
SELECT "campaign_id", "hour", "country", "locale", sum("signed"), sum("confirmed") FROM (
  SELECT "campaign_id", date_trunc('hour', "signed_at", 'UTC') AS "hour", "country", "locale", 1 AS "signed", 0 AS "confirmed" FROM "signature"
  UNION ALL
  SELECT "campaign_id", date_trunc('hour', "confirmed_at", 'UTC'), "country", "locale", 0, 1 FROM "signature" WHERE "state" = 'confirmed'
) AS "made" GROUP BY 1, 2, 3, 4;

-- Names are found by a keyed hash, as addresses are.
ALTER TABLE "signature" ADD COLUMN "name_key" BYTEA,
  ADD CONSTRAINT "signature_name_key_length" CHECK (octet_length("name_key") = 32);
CREATE INDEX "signature_campaign_id_name_key_idx" ON "signature"("campaign_id", "name_key");

-- What the desk asks of the outbox, without the many mails that are done.
CREATE INDEX "mail_dead" ON "mail" ("finished_at") WHERE "state" = 'dead';
CREATE INDEX "mail_batched" ON "mail" ("created_at") WHERE "state" = 'batched';
CREATE INDEX "mail_sent" ON "mail" ("finished_at") WHERE "state" = 'sent';

-- Where notices do not come through (a pooler of transactions drops LISTEN), processes ask for what was announced.
CREATE TABLE "announcement" (
    "channel" TEXT NOT NULL,
    "version" BIGINT NOT NULL,
    "payload" TEXT NOT NULL,

    CONSTRAINT "announcement_pkey" PRIMARY KEY ("channel")
);

CREATE FUNCTION "announce"(announced text, said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "announcement" ("channel", "version", "payload") VALUES (announced, 1, said)
    ON CONFLICT ("channel") DO UPDATE SET "version" = "announcement"."version" + 1, "payload" = EXCLUDED."payload";
  PERFORM pg_notify(announced, said);
END $$;

CREATE OR REPLACE FUNCTION "announce_campaign_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM "announce"('public_pages', '');
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION "announce_guard_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM "announce"('guard', '');
  RETURN NULL;
END $$;

-- Which data key each running process seals with: the key before it may go only once nobody uses it.
CREATE TABLE "process_key" (
    "id" UUID NOT NULL,
    "program" TEXT NOT NULL,
    "place" TEXT NOT NULL,
    "data_key_id" TEXT NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "process_key_pkey" PRIMARY KEY ("id")
);

-- Backups that npm run backup made or failed to make, so that one that is missing is noticed.
CREATE TABLE "backup_run" (
    "id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),
    "failure" TEXT,

    CONSTRAINT "backup_run_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "backup_run_started_at_idx" ON "backup_run" ("started_at");
ALTER TABLE "backup_run" ADD CONSTRAINT "backup_run_one_outcome" CHECK (num_nonnulls("finished_at", "failure") = 1);

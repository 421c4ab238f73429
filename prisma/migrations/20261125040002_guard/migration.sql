-- Signatures of a network that came with a proof of work, beside those that came without.
ALTER TABLE "network_minute" ADD COLUMN "proved" INTEGER NOT NULL DEFAULT 0;

-- How many tried to sign a campaign in one minute, told by every process once a second.
CREATE TABLE "campaign_minute" (
    "campaign_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL,

    CONSTRAINT "campaign_minute_pkey" PRIMARY KEY ("campaign_id","minute")
);

-- Proofs of work that were used, until they expire: none is taken twice.
CREATE TABLE "spent_proof" (
    "hash" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "spent_proof_pkey" PRIMARY KEY ("hash")
);

CREATE INDEX "spent_proof_expires_at_idx" ON "spent_proof"("expires_at");

-- What an owner set for a campaign; without a row, the limits and options that the code names hold.
CREATE TABLE "campaign_guard" (
    "campaign_id" UUID NOT NULL,
    "network_per_minute" INTEGER NOT NULL,
    "network_per_hour" INTEGER NOT NULL,
    "campaign_per_minute" INTEGER NOT NULL,
    "campaign_per_hour" INTEGER NOT NULL,
    "refuse_disposable" BOOLEAN NOT NULL,
    "check_mail_domain" BOOLEAN NOT NULL,

    CONSTRAINT "campaign_guard_pkey" PRIMARY KEY ("campaign_id")
);

CREATE TYPE "guard_verdict" AS ENUM ('block', 'allow');

-- Who may not sign, and whom no limit holds up: an address as its keyed hash, a mail domain, or a network.
CREATE TABLE "guard_entry" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "verdict" "guard_verdict" NOT NULL,
    "mailbox_key" BYTEA,
    "domain" TEXT,
    "network" CIDR,
    "note" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "guard_entry_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "guard_entry_campaign_id_idx" ON "guard_entry"("campaign_id");

ALTER TABLE "campaign_minute" ADD CONSTRAINT "campaign_minute_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "campaign_guard" ADD CONSTRAINT "campaign_guard_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "guard_entry" ADD CONSTRAINT "guard_entry_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
ALTER TABLE "campaign_guard"
  ADD CONSTRAINT "campaign_guard_within_bounds" CHECK (
    "network_per_minute" BETWEEN 5 AND 600 AND "network_per_hour" BETWEEN 10 AND 6000
    AND "campaign_per_minute" BETWEEN 60 AND 600000 AND "campaign_per_hour" BETWEEN 600 AND 20000000);
ALTER TABLE "guard_entry"
  ADD CONSTRAINT "guard_entry_one_subject" CHECK (num_nonnulls("mailbox_key", "domain", "network") = 1),
  ADD CONSTRAINT "guard_entry_mailbox_key_length" CHECK (octet_length("mailbox_key") = 32);

-- Every process that keeps the lists in memory reads them anew when they change, whoever changed them.
CREATE FUNCTION "announce_guard_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('guard', '');
  RETURN NULL;
END $$;
CREATE TRIGGER "campaign_guard_announces_change" AFTER INSERT OR UPDATE OR DELETE ON "campaign_guard"
  FOR EACH STATEMENT EXECUTE FUNCTION "announce_guard_change"();
CREATE TRIGGER "guard_entry_announces_change" AFTER INSERT OR UPDATE OR DELETE ON "guard_entry"
  FOR EACH STATEMENT EXECUTE FUNCTION "announce_guard_change"();

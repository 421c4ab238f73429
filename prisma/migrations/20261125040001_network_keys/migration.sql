-- The random salt of one day's network keys. Once it is deleted, no key of that day can be tied to a network again.
CREATE TABLE "network_salt" (
    "day" DATE NOT NULL,
    "salt" BYTEA NOT NULL,

    CONSTRAINT "network_salt_pkey" PRIMARY KEY ("day")
);

-- Where a signature came from, as long as the day's salt is kept; and which domain its address is in. Without a check of
-- their length: adding one would read every row while nobody can sign.
ALTER TABLE "signature" ADD COLUMN "network_key" BYTEA, ADD COLUMN "email_domain_key" BYTEA;


-- What Prisma's schema cannot say.
ALTER TABLE "network_salt" ADD CONSTRAINT "network_salt_length" CHECK (octet_length("salt") = 32);

-- Recent signatures by network, and those whose key is to be forgotten; in the order of signing, so that every new entry
-- goes to the index's end.
CREATE INDEX "signature_recent_network" ON "signature" ("signed_at", "campaign_id", "network_key") WHERE "network_key" IS NOT NULL;

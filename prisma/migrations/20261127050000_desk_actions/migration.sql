-- contracts: since no release is out yet, and sessions of an administrator end with an upgrade anyway
-- A session is known by the SHA-256 of the token in its cookie. The id stays as a name for it that opens nothing.
DELETE FROM "admin_session";
ALTER TABLE "admin_session"
  ADD COLUMN "token_hash" BYTEA NOT NULL,
  ADD COLUMN "network_key" BYTEA NOT NULL,
  ADD COLUMN "wrong_codes" INTEGER NOT NULL DEFAULT 0;
CREATE UNIQUE INDEX "admin_session_token_hash_key" ON "admin_session"("token_hash");

-- Wrong authenticator codes that came with the right password, from whatever network.
ALTER TABLE "admin_account"
  ADD COLUMN "wrong_codes" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "wrong_code_at" TIMESTAMPTZ(3);

-- How many signatories an administrator was shown in one minute.
CREATE TABLE "names_opened" (
    "actor_id" UUID NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "names" INTEGER NOT NULL,

    CONSTRAINT "names_opened_pkey" PRIMARY KEY ("actor_id","minute")
);
CREATE INDEX "names_opened_minute_idx" ON "names_opened"("minute");


-- What Prisma's schema cannot say.
ALTER TABLE "admin_session"
  ADD CONSTRAINT "admin_session_token_hash_length" CHECK (octet_length("token_hash") = 32),
  ADD CONSTRAINT "admin_session_network_key_length" CHECK (octet_length("network_key") = 32);

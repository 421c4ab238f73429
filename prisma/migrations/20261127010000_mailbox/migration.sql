-- One mailbox is one signer, however the address is spelled; who may be mailed again, and how often.
ALTER TYPE "suppression_reason" ADD VALUE 'disowned';

ALTER TABLE "signature" ADD COLUMN "spelling_mark" BYTEA, ADD COLUMN "reminded_at" TIMESTAMPTZ(3),
  ADD COLUMN "unsubscribed_at" TIMESTAMPTZ(3), ADD COLUMN "held" BOOLEAN NOT NULL DEFAULT false;

-- An address typed while the signature was pending is what its mail goes to, and is stored when that mail's link is used.
ALTER TABLE "mail" ADD COLUMN "address_encrypted" BYTEA, ADD COLUMN "data_key_id" TEXT;
ALTER TABLE "token" ADD COLUMN "mail_id" UUID;

ALTER TABLE "suppression" ADD COLUMN "retried_at" TIMESTAMPTZ(3);

CREATE TABLE "suppression_link" (
    "hash" BYTEA NOT NULL,
    "email_key" BYTEA NOT NULL,

    CONSTRAINT "suppression_link_pkey" PRIMARY KEY ("hash")
);

CREATE INDEX "suppression_link_email_key_idx" ON "suppression_link"("email_key");

ALTER TABLE "suppression_link" ADD CONSTRAINT "suppression_link_email_key_fkey" FOREIGN KEY ("email_key") REFERENCES "suppression"("email_key") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE TABLE "mail_allowance" (
    "day" DATE NOT NULL,
    "key" BYTEA NOT NULL,
    "mails" INTEGER NOT NULL,

    CONSTRAINT "mail_allowance_pkey" PRIMARY KEY ("day","key")
);


-- What Prisma's schema cannot say.
ALTER TABLE "signature" ADD CONSTRAINT "signature_spelling_mark_length" CHECK (octet_length("spelling_mark") = 4);
ALTER TABLE "mail" ADD CONSTRAINT "mail_address_whole" CHECK (("address_encrypted" IS NULL) = ("data_key_id" IS NULL));
ALTER TABLE "suppression" ADD CONSTRAINT "suppression_retried_after_bounce" CHECK ("retried_at" IS NULL OR "reason" = 'bounced');
ALTER TABLE "suppression_link" ADD CONSTRAINT "suppression_link_hash_length" CHECK (octet_length("hash") = 32);
ALTER TABLE "mail_allowance" ADD CONSTRAINT "mail_allowance_key_length" CHECK (octet_length("key") = 32);

-- The few that the desk, key rotation and housekeeping look for.
CREATE INDEX "signature_held" ON "signature" ("campaign_id", "signed_at") WHERE "held";
CREATE INDEX "mail_with_address" ON "mail" ("id") WHERE "address_encrypted" IS NOT NULL;

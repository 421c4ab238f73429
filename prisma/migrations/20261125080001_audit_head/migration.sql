-- Which entry of the audit log was the newest, sealed with a key that is not in the database: entries taken off its end
-- are missed, and a chain written anew is not taken for the old one.
CREATE TABLE "audit_head" (
    "id" SMALLINT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "seal" BYTEA NOT NULL,

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id")
);


-- What Prisma's schema cannot say.
ALTER TABLE "audit_head"
  ADD CONSTRAINT "audit_head_single_row" CHECK ("id" = 1),
  ADD CONSTRAINT "audit_head_seal_length" CHECK (octet_length("seal") = 32);

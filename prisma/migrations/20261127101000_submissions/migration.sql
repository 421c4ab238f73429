-- While a signature is pending, each mail confirms the form that it was sent for. Nothing is to be moved: none is released.
-- contracts: since before the first release, nothing that runs needs what it takes away
DROP INDEX "mail_with_address";
ALTER TABLE "mail" DROP CONSTRAINT "mail_address_whole";
ALTER TABLE "mail" RENAME COLUMN "address_encrypted" TO "submission_encrypted";
ALTER TABLE "mail" ADD CONSTRAINT "mail_submission_whole" CHECK (("submission_encrypted" IS NULL) = ("data_key_id" IS NULL));
CREATE INDEX "mail_with_submission" ON "mail" ("id") WHERE "submission_encrypted" IS NOT NULL;

-- What tells the last form from others, not only its address.
ALTER TABLE "signature" DROP CONSTRAINT "signature_spelling_mark_length";
ALTER TABLE "signature" RENAME COLUMN "spelling_mark" TO "submission_mark";
ALTER TABLE "signature" ADD CONSTRAINT "signature_submission_mark_length" CHECK (octet_length("submission_mark") = 4);

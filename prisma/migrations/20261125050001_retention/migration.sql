-- When the petition was handed over: its signatures are destroyed a month later.
ALTER TABLE "campaign" ADD COLUMN "handed_over_at" TIMESTAMPTZ(3);

-- How many mails were frozen into a batch, and since when one of them has been gone: its body is not to outlive it for long.
ALTER TABLE "mail_batch" ADD COLUMN "mails_frozen" INTEGER, ADD COLUMN "member_gone_at" TIMESTAMPTZ(3);


-- What Prisma's schema cannot say.

ALTER TABLE "campaign" ADD CONSTRAINT "campaign_handed_over_when_closed" CHECK ("handed_over_at" IS NULL OR "status" = 'closed');

-- A batch that waits for a person needs no body any more: its mails are composed anew, or not sent.
ALTER TABLE "mail_batch" DROP CONSTRAINT "mail_batch_payload_with_state";
ALTER TABLE "mail_batch" ADD CONSTRAINT "mail_batch_payload_with_state" CHECK (
  ("state" = 'frozen' AND "payload_encrypted" IS NOT NULL) OR ("state" = 'finished' AND "payload_encrypted" IS NULL) OR "state" = 'ambiguous');

-- Signatures that are destroyed because their time is over stay counted: who deletes them says so for their transaction.
-- Signatures that people take back are taken off the count, as before.
CREATE OR REPLACE TRIGGER "signature_count_delete" AFTER DELETE ON "signature"
  REFERENCING OLD TABLE AS "old_rows" FOR EACH STATEMENT
  WHEN (current_setting('petition.figures_stay', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION "count_confirmed"();
CREATE OR REPLACE TRIGGER "signature_change_delete" AFTER DELETE ON "signature"
  REFERENCING OLD TABLE AS "old_rows" FOR EACH STATEMENT
  WHEN (current_setting('petition.figures_stay', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION "note_signature_changes"();

-- What is past its time, without reading what is not.
CREATE INDEX "token_expiring" ON "token" ("expires_at") WHERE "expires_at" IS NOT NULL;
CREATE INDEX "mail_batch_finished" ON "mail_batch" ("finished_at") WHERE "state" = 'finished';

-- A signature that was found to be no one's, kept and not counted: the triggers count by state = 'confirmed' alone.
ALTER TYPE "signature_state" ADD VALUE IF NOT EXISTS 'invalid';

-- Why it was marked, by whom, and what it was before: enough to take the mark back.
CREATE TABLE "signature_invalidation" (
    "signature_id" UUID NOT NULL,
    "job_id" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "signature_invalidation_pkey" PRIMARY KEY ("signature_id")
);

CREATE INDEX "signature_invalidation_job_id_idx" ON "signature_invalidation"("job_id");

ALTER TABLE "signature_invalidation" ADD CONSTRAINT "signature_invalidation_signature_id_fkey" FOREIGN KEY ("signature_id") REFERENCES "signature"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What an entry of the log speaks of, so that one signature's history is found without reading every entry.
ALTER TABLE "audit_entry" ADD COLUMN "subject" UUID;

CREATE INDEX "audit_entry_subject_sequence_idx" ON "audit_entry"("subject", "sequence");


-- What Prisma's schema cannot say.
ALTER TABLE "signature_invalidation"
  ADD CONSTRAINT "signature_invalidation_reason_length" CHECK (length("reason") BETWEEN 1 AND 200);

-- What the provider reported of late, without the many mails it said nothing bad about.
CREATE INDEX "mail_refused" ON "mail" ("outcome_at") WHERE "outcome" IN ('bounced', 'complained');

-- What the mail provider refuses, by reason. Desk and metrics tell of it, whichever process met it.
CREATE TABLE "mail_failure" (
    "reason" TEXT NOT NULL,
    "total" BIGINT NOT NULL DEFAULT 1,
    "answer" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3),

    CONSTRAINT "mail_failure_pkey" PRIMARY KEY ("reason")
);

-- A restored copy sends nothing until somebody says so.
ALTER TABLE "mail_pause" ADD COLUMN "stopped_since" TIMESTAMPTZ(3);
ALTER TABLE "mail_pause" ADD COLUMN "stopped_by" TEXT;
ALTER TABLE "mail_pause" ADD CONSTRAINT "mail_pause_stopped_by_somebody"
  CHECK (("stopped_since" IS NULL) = ("stopped_by" IS NULL) AND "stopped_by" IN ('restore', 'operator'));

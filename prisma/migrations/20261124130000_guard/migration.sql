-- CreateEnum
CREATE TYPE "mail_outcome" AS ENUM ('delivered', 'bounced', 'complained');

-- AlterTable
ALTER TABLE "mail" ADD COLUMN "outcome" "mail_outcome",
ADD COLUMN "outcome_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "webhook_delivery" (
    "id" TEXT NOT NULL,
    "provider_id" TEXT,
    "outcome" "mail_outcome" NOT NULL,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_delivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mail_provider_id_idx" ON "mail"("provider_id");

-- CreateIndex
CREATE INDEX "webhook_delivery_received_at_idx" ON "webhook_delivery"("received_at");


-- What Prisma's schema cannot say.

ALTER TABLE "mail" ADD CONSTRAINT "mail_outcome_at_with_outcome" CHECK (("outcome" IS NULL) = ("outcome_at" IS NULL));

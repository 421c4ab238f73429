-- Networks and mail domains that more sign from than usual. A network's key is forgotten with its salt, after two days.
CREATE TABLE "abuse_alarm" (
    "campaign_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "key" BYTEA NOT NULL,
    "domain" TEXT,
    "signatures" INTEGER NOT NULL,
    "usual" DOUBLE PRECISION NOT NULL,
    "first_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "abuse_alarm_pkey" PRIMARY KEY ("campaign_id","kind","key")
);

CREATE INDEX "abuse_alarm_last_at_idx" ON "abuse_alarm"("last_at");

ALTER TABLE "abuse_alarm" ADD CONSTRAINT "abuse_alarm_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
ALTER TABLE "abuse_alarm" ADD CONSTRAINT "abuse_alarm_kind_known" CHECK ("kind" IN ('network', 'domain'));

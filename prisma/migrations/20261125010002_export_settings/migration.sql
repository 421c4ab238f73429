-- Choices of an export that its people keep under a name.
CREATE TABLE "export_settings" (
    "id" UUID NOT NULL,
    "campaign_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "saved_by" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "export_settings_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "export_settings_campaign_id_name_key" ON "export_settings"("campaign_id", "name");

ALTER TABLE "export_settings" ADD CONSTRAINT "export_settings_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What Prisma's schema cannot say.
ALTER TABLE "export_settings"
  ADD CONSTRAINT "export_settings_name_length" CHECK (char_length("name") BETWEEN 1 AND 60);

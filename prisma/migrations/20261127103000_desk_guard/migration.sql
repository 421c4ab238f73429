-- Who made an API token, so that it ends with them.
ALTER TABLE "api_token" ADD COLUMN "maker_id" UUID;
CREATE INDEX "api_token_maker_id_idx" ON "api_token"("maker_id");
ALTER TABLE "api_token" ADD CONSTRAINT "api_token_maker_id_fkey" FOREIGN KEY ("maker_id") REFERENCES "admin_account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot say: a subject is on the lists of a campaign once, so that one removal takes it off.
CREATE UNIQUE INDEX "guard_entry_once" ON "guard_entry" ("campaign_id", "mailbox_key", "domain", "network") NULLS NOT DISTINCT;

-- When a session last proved its second factor: at sign-in, or by a code typed again before an export.
ALTER TABLE "admin_session" ADD COLUMN "second_factor_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

UPDATE "admin_session" SET "second_factor_at" = "created_at";

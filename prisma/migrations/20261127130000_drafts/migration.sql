-- What somebody had typed into a form of the desk when their session ended.
CREATE TABLE "admin_draft" (
  "id" UUID NOT NULL PRIMARY KEY REFERENCES "admin_account" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
  "data_key_id" TEXT NOT NULL,
  "content_encrypted" BYTEA NOT NULL,
  "saved_at" TIMESTAMPTZ(3) NOT NULL
);

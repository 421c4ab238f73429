-- Rows of random bytes, written where nothing else is: an answer that writes nothing would come sooner, and so tell that the
-- address has signed, or has not. Emptied every minute.
CREATE TABLE "decoy" (
    "id" UUID NOT NULL,
    "first" BYTEA NOT NULL,
    "second" BYTEA NOT NULL,
    "third" BYTEA NOT NULL,
    "padding" BYTEA NOT NULL,

    CONSTRAINT "decoy_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "decoy_first_idx" ON "decoy"("first");

CREATE INDEX "decoy_second_idx" ON "decoy"("second");

CREATE INDEX "decoy_third_idx" ON "decoy"("third");

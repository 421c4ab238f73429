-- What a one-time link sets: both at the first, or one of them, while the other proves who follows it.
CREATE TYPE "admin_enrolment_kind" AS ENUM ('both', 'password', 'authenticator');
ALTER TABLE "admin_enrolment" ADD COLUMN "kind" "admin_enrolment_kind" NOT NULL DEFAULT 'both';

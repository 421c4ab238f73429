import { database } from "@/lib/db/client";
import { deleteWithdrawn, forgetErasedMembers } from "@/lib/moderation";
import { forgetPaperDrafts } from "@/lib/paper";
import { forgetNamesOpened } from "@/lib/signatories";
import { CONFIRMATION_DAYS } from "@/lib/signing";

/** How long failed sign-ins are stored after the last one, in hours: far longer than any wait they impose. */
const FAILURES_KEPT_HOURS = 24;
/** How long a session is listed in its account after its last request, and a translator's link after its end, in days. */
const SESSIONS_KEPT_DAYS = 30;

/** Deletes expired data of the administration area. Safe to run in any process, at any time. */
export async function forgetEndedAccess(): Promise<void> {
  await database().$executeRaw`
    DELETE FROM admin_failure WHERE last_at < now() - make_interval(hours => ${FAILURES_KEPT_HOURS}::int)`;
  await database().$executeRaw`
    DELETE FROM admin_session WHERE last_seen_at < now() - make_interval(days => ${SESSIONS_KEPT_DAYS}::int)`;
  await database().$executeRaw`DELETE FROM admin_enrolment WHERE expires_at < now()`;
  await database().$executeRaw`
    DELETE FROM translator_link
    WHERE least(expires_at, revoked_at) < now() - make_interval(days => ${SESSIONS_KEPT_DAYS}::int)`;
  await forgetPaperDrafts();
  await forgetNamesOpened();
  await deleteWithdrawn();
  await forgetErasedMembers();
  // Review groups and jobs are not kept longer than the signatures they are about.
  await database().$executeRaw`
    DELETE FROM review_group
    WHERE NOT EXISTS (SELECT FROM signature WHERE signature.campaign_id = review_group.campaign_id)`;
  await database().$executeRaw`
    DELETE FROM invalidation_job WHERE finished_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM signature WHERE signature.campaign_id = invalidation_job.campaign_id)`;
  // Signatures marked invalid that were never confirmed are kept no longer than other unconfirmed ones.
  await database().$executeRaw`
    DELETE FROM signature USING signature_invalidation
    WHERE signature_invalidation.signature_id = signature.id AND signature_invalidation.confirmed_at IS NULL
      AND signature.signed_at < now() - make_interval(days => ${CONFIRMATION_DAYS}::int)`;
}

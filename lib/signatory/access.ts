import { database } from "@/lib/db/client";
import { emailKey } from "@/lib/signing";

/** The least time between two mails with the link to one signer's own page, in minutes. */
export const ACCESS_INTERVAL_MINUTES = 60;

/**
 * Owes every signature of an address a mail with the link to its own page, at most one an hour. One statement, whether the
 * address has signed or not. A suppressed address is written to no more.
 */
export async function requestAccess(email: string): Promise<void> {
  const key = emailKey(email);
  await database().$executeRaw`
    WITH asked AS (
      UPDATE signature SET access_requested_at = now()
      WHERE email_key = ${key}
        AND (access_requested_at IS NULL
          OR access_requested_at <= now() - make_interval(mins => ${ACCESS_INTERVAL_MINUTES}::int))
      RETURNING id
    )
    INSERT INTO mail (id, signature_id, kind) SELECT gen_random_uuid(), id, 'access' FROM asked
    WHERE NOT EXISTS (SELECT FROM suppression WHERE email_key = ${key})`;
}

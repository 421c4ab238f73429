import { database } from "@/lib/db/client";

/**
 * Forgets what was typed for a signature while it was pending and is no longer: what was confirmed is what is stored.
 * Safe to run anywhere, at any time.
 */
export async function forgetSubmissions(): Promise<void> {
  await database().$executeRaw`
    UPDATE mail SET submission_encrypted = NULL, data_key_id = NULL FROM signature
    WHERE mail.submission_encrypted IS NOT NULL AND mail.state IN ('sent', 'dead')
      AND signature.id = mail.signature_id AND signature.state <> 'pending'`;
}

import { database } from "@/lib/db/client";

/**
 * Deletes the forms kept with mails that are sent or dead and whose signature is no longer pending.
 * What was confirmed is stored with the signature. Safe to run anywhere, at any time.
 */
export async function forgetSubmissions(): Promise<void> {
  await database().$executeRaw`
    UPDATE mail SET submission_encrypted = NULL, data_key_id = NULL FROM signature
    WHERE mail.submission_encrypted IS NOT NULL AND mail.state IN ('sent', 'dead')
      AND signature.id = mail.signature_id AND signature.state <> 'pending'`;
}

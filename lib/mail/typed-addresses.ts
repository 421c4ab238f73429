import { database } from "@/lib/db/client";

/**
 * Forgets addresses that were typed while a signature was pending and is no longer: what was confirmed is what is stored.
 * Safe to run anywhere, at any time.
 */
export async function forgetTypedAddresses(): Promise<void> {
  await database().$executeRaw`
    UPDATE mail SET address_encrypted = NULL, data_key_id = NULL FROM signature
    WHERE mail.address_encrypted IS NOT NULL AND mail.state IN ('sent', 'dead')
      AND signature.id = mail.signature_id AND signature.state <> 'pending'`;
}

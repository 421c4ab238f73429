import { keyedHash } from "@/lib/db/keyed-hash";
import { mailboxOf } from "./address";
import { mendAddress } from "./address-rules";

/**
 * Returns the key that identifies a person: one for all
 * spellings of a mailbox, without revealing the address.
 */
export function mailboxKey(address: string): Buffer<ArrayBuffer> {
  return keyedHash("mailbox-key", mailboxOf(mendAddress(address)));
}

import { keyedHash } from "@/lib/db/keyed-hash";
import { mailboxOf } from "./address";
import { mendAddress } from "./address-rules";

/** The key that says who is the same person: one for all spellings of a mailbox, without the address itself. */
export function mailboxKey(address: string): Buffer<ArrayBuffer> {
  return keyedHash("mailbox-key", mailboxOf(mendAddress(address)));
}

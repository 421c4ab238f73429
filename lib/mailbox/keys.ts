import { keyedHash } from "@/lib/db/keyed-hash";
import { mendAddress } from "@/lib/signing/rules";
import { mailboxOf, spellingOf } from "./address";

/** Bytes that tell spellings of one mailbox apart: few, so that they tell nothing else. */
const SPELLING_MARK_BYTES = 4;

/** The key that says who is the same person: one for all spellings of a mailbox, without the address itself. */
export function mailboxKey(address: string): Buffer<ArrayBuffer> {
  return keyedHash("email-key", mailboxOf(mendAddress(address)));
}

/** A short mark of how an address is spelled, to be compared among spellings of one mailbox only. */
export function spellingMark(address: string): Buffer<ArrayBuffer> {
  return keyedHash("email-spelling", spellingOf(mendAddress(address))).subarray(0, SPELLING_MARK_BYTES);
}

import { keyedHash } from "@/lib/db/keyed-hash";
import { mailKey } from "@/lib/mailbox";

/** The keyed hash by which look-alike addresses find each other, without the addresses themselves. */
export function canonicalEmailKey(email: string): Buffer<ArrayBuffer> {
  return mailKey(email);
}

/** The keyed hash of an address's domain, as it is written: all addresses of one domain share it. */
export function emailDomainKey(email: string): Buffer<ArrayBuffer> {
  return domainKey(email.slice(email.lastIndexOf("@") + 1));
}

/** The keyed hash under which signatures of one mail domain are found. */
export function domainKey(domain: string): Buffer<ArrayBuffer> {
  return keyedHash("email-domain", domain.toLowerCase());
}

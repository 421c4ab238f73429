import { timingSafeEqual } from "node:crypto";
import { keyedHash } from "@/lib/db/keyed-hash";
import { networkOf } from "@/lib/network";

/** How long a returned form can be posted again, in milliseconds. */
const PERMIT_MILLISECONDS = 3_600_000;

/**
 * Creates a hidden field that lets one network post one campaign's form with `Origin: null`.
 * In a sandboxed frame (HTML, "sandbox") our own page sends that origin too. Only this field then
 * distinguishes its posts from those of a foreign page, which cannot get a permit for its reader's network.
 */
export function newPermit(slug: string, clientAddress: string, now = Date.now()): string {
  const expiresAt = now + PERMIT_MILLISECONDS;
  return `${expiresAt}.${seal(slug, clientAddress, expiresAt)}`;
}

/** Whether a field holds an unexpired permit for this campaign and network. */
export function isPermit(field: unknown, slug: string, clientAddress: string, now = Date.now()): boolean {
  if (typeof field !== "string") return false;
  const [time, sealed = ""] = field.split(".", 2);
  const expiresAt = Number(time);
  if (!(expiresAt > now)) return false;
  const given = Buffer.from(sealed);
  const right = Buffer.from(seal(slug, clientAddress, expiresAt));
  return given.length === right.length && timingSafeEqual(given, right);
}

function seal(slug: string, clientAddress: string, expiresAt: number): string {
  return keyedHash("permit", `${slug} ${networkOf(clientAddress)} ${expiresAt}`).toString("base64url");
}

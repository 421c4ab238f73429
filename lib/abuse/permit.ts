import { timingSafeEqual } from "node:crypto";
import { keyedHash } from "@/lib/db/keyed-hash";
import { networkOf } from "./network";

/** How long a form that was given back may be sent again, in milliseconds: as long as someone may need to mend it. */
const PERMIT_MILLISECONDS = 3_600_000;

/**
 * Lets one network send one campaign's form from a page that has no origin. Our own page has none in a sandboxed frame
 * (HTML, "sandbox"), so only this tells its posts from those of a stranger's page, which cannot know another network's.
 */
export function newPermit(slug: string, clientAddress: string, now = Date.now()): string {
  const expiresAt = now + PERMIT_MILLISECONDS;
  return `${expiresAt}.${seal(slug, clientAddress, expiresAt)}`;
}

/** Whether a field holds a permit that is still good for this campaign and network. */
export function isPermit(field: unknown, slug: string, clientAddress: string, now = Date.now()): boolean {
  if (typeof field !== "string") return false;
  const [time, sealed = ""] = field.split(".", 2);
  const expiresAt = Number(time);
  if (!(expiresAt > now)) return false;
  const [given, right] = [sealed, seal(slug, clientAddress, expiresAt)].map((text) => Buffer.from(text));
  return (
    given !== undefined &&
    right !== undefined &&
    given.length === right.length &&
    timingSafeEqual(given, right)
  );
}

function seal(slug: string, clientAddress: string, expiresAt: number): string {
  return keyedHash("permit", `${slug} ${networkOf(clientAddress)} ${expiresAt}`).toString("base64url");
}

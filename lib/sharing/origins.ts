import { isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import type { Prisma } from "@/lib/db/generated/client";
import { originOf } from "@/lib/http/origin";
import type { Values } from "@/lib/merge-edits";

const LOOPBACK = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

/** The sites that may frame a campaign's form, and post it from a page of their own. */
export type AllowedOrigins = "any-may-frame" | readonly string[];

/**
 * Returns the sites a campaign allows; null when there is no such campaign. If unset, any site may frame the
 * form and none may post it.
 */
export async function allowedOrigins(slug: string): Promise<AllowedOrigins | null> {
  if (!isSlug(slug)) return null;
  const [campaign] = await database().$queryRaw<{ allowed: string[] | null }[]>`
    SELECT allowed_origins AS allowed FROM campaign WHERE slug = ${slug}`;
  if (!campaign) return null;
  return campaign.allowed ?? "any-may-frame";
}

/** Returns the value of `frame-ancestors` for these sites (CSP Level 3). */
export function frameAncestors(allowed: AllowedOrigins): string {
  if (allowed === "any-may-frame") return "*";
  return allowed.length === 0 ? "'none'" : allowed.join(" ");
}

/** Most sites that can be allowed. More would make the header that lists them too long for some proxies. */
export const ORIGINS_MAX = 50;

/** What is wrong with one line of a list of sites. */
export type OriginMistake = { typed: string; kind: "no-origin" | "not-https" | "too-many" };

/**
 * Reads a list of sites, one per line, such as `https://news.example`. Sites must use HTTPS, since a page
 * without it could be changed in transit. Loopback addresses are allowed for testing.
 */
export function readOrigins(
  lines: string,
): { ok: true; origins: string[] } | { ok: false; mistakes: OriginMistake[] } {
  const typed = lines.split("\n").map((line) => line.trim());
  const origins = new Set<string>();
  const mistakes: OriginMistake[] = [];
  for (const line of typed.filter((each) => each !== "")) {
    const origin = originOf(line);
    if (origin === null || (line !== origin && line !== `${origin}/`))
      mistakes.push({ typed: line, kind: "no-origin" });
    else if (!origin.startsWith("https://") && !LOOPBACK.test(origin))
      mistakes.push({ typed: line, kind: "not-https" });
    else if (origins.size === ORIGINS_MAX && !origins.has(origin))
      mistakes.push({ typed: line, kind: "too-many" });
    else origins.add(origin);
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, origins: [...origins] };
}

/** Returns allowed sites as the fields of a form: `framedBy` (`any` or `listed`), and `origins` one per line. */
export function originFields(allowed: AllowedOrigins): Values {
  return allowed === "any-may-frame"
    ? { framedBy: "any", origins: "" }
    : { framedBy: "listed", origins: allowed.join("\n") };
}

/** Reads the fields that `originFields` returns, as somebody has edited them. */
export function readOriginFields({
  framedBy,
  origins = "",
}: Values): { ok: true; allowed: AllowedOrigins } | { ok: false; mistakes: OriginMistake[] } {
  if (framedBy !== "listed") return { ok: true, allowed: "any-may-frame" };
  const read = readOrigins(origins);
  return read.ok ? { ok: true, allowed: read.origins } : read;
}

/**
 * Restricts a campaign's form to some sites; null lets any site frame it. The caller has checked that the
 * user is an owner.
 */
export async function setAllowedOrigins(
  slug: string,
  origins: readonly string[] | null,
  writer: Prisma.TransactionClient = database(),
): Promise<void> {
  await writer.$executeRaw`
    UPDATE campaign SET allowed_origins = ${origins === null ? null : [...origins]}::text[] WHERE slug = ${slug}`;
}

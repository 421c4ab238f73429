import { isSlug } from "@/lib/campaign/slug";
import { database } from "@/lib/db/client";
import { originOf } from "@/lib/http/origin";

/** Which sites may frame a campaign's form, and post it from a page of their own. */
export type AllowedOrigins = "any-may-frame" | readonly string[];

/** The sites a campaign allows; null when there is no such campaign. Unset, any may frame the form and none may post it. */
export async function allowedOrigins(slug: string): Promise<AllowedOrigins | null> {
  if (!isSlug(slug)) return null;
  const [campaign] = await database().$queryRaw<{ allowed: string[] | null }[]>`
    SELECT allowed_origins AS allowed FROM campaign WHERE slug = ${slug}`;
  if (!campaign) return null;
  return campaign.allowed ?? "any-may-frame";
}

/** What `frame-ancestors` says of them (CSP Level 3). */
export function frameAncestors(allowed: AllowedOrigins): string {
  if (allowed === "any-may-frame") return "*";
  return allowed.length === 0 ? "'none'" : allowed.join(" ");
}

/**
 * Limits a campaign's form to some sites, or with null lets any frame it. The caller has checked that an owner asks.
 * @returns false when one of them is no origin; then nothing is changed.
 */
export async function setAllowedOrigins(slug: string, origins: readonly string[] | null): Promise<boolean> {
  if (origins?.some((origin) => originOf(origin) !== origin)) return false;
  await database().$executeRaw`
    UPDATE campaign SET allowed_origins = ${origins === null ? null : [...origins]}::text[] WHERE slug = ${slug}`;
  return true;
}

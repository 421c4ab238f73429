import { ROLES } from "@/lib/audit";
import { campaignSlugs, contentFor } from "@/lib/campaigns";
import { LOCALES } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";

/** Shorter words stand in too many others to be told apart. */
const WORD_MIN_CHARACTERS = 4;
/** What this product and its desk are called. */
const PRODUCT = "halt the expulsions petition campaign signature signatory desk admin administrator password";

/**
 * Words that count for nothing in a password, since anybody would guess them here, longest first and in lower case: of the
 * product, roles, organisation, the site's own name, the headline of each campaign in each language and its slug, and of the
 * person's address (docs/protection.md has the list).
 */
export function barredWords(email: string): string[] {
  const { organisationName, siteUrl } = settings();
  const slugs = campaignSlugs();
  const headlines = slugs.flatMap((slug) =>
    LOCALES.map((locale) => contentFor(slug, locale)?.headline ?? ""),
  );
  const texts = [PRODUCT, ...ROLES, organisationName, new URL(siteUrl).hostname, ...slugs, ...headlines];
  const words = [...texts, email].flatMap((text) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
  return [...new Set(words)]
    .filter((word) => [...word].length >= WORD_MIN_CHARACTERS)
    .sort((one, other) => other.length - one.length);
}

import { campaignNamed, campaignSlugs } from "@/lib/campaigns";
import { ROLES } from "@/lib/roles";
import { settings } from "@/lib/settings";

/** Shorter words occur inside too many other words. */
const WORD_MIN_CHARACTERS = 4;
/** Words for this product and its desk. */
const PRODUCT = "halt the expulsions petition campaign signature signatory desk admin administrator password";

/**
 * Returns the words that do not count in a password because anybody would guess them here, longest first and
 * in lower case. They come from the product, the roles, the organisation, the site's host name, each
 * campaign's slug and titles, and the person's email address (docs/protection.md has the list).
 */
export function barredWords(email: string): string[] {
  const { organisationName, siteUrl } = settings();
  const slugs = campaignSlugs();
  const titles = slugs.flatMap((slug) =>
    [...(campaignNamed(slug)?.documents.values() ?? [])].map(({ title }) => title),
  );
  const texts = [PRODUCT, ...ROLES, organisationName, new URL(siteUrl).hostname, ...slugs, ...titles];
  const words = [...texts, email].flatMap((text) => text.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? []);
  return [...new Set(words)]
    .filter((word) => [...word].length >= WORD_MIN_CHARACTERS)
    .sort((one, other) => other.length - one.length);
}

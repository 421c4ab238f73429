import { isSlug } from "@/lib/campaigns";
import { database } from "@/lib/db/client";

/** Addresses that are suggested stay this short, so that they fit on a poster. */
const SUGGESTED_MAX_CHARACTERS = 60;

/** Suggests an address for a title that no other campaign has. */
export function slugFor(title: string): Promise<string> {
  const words = title
    .normalize("NFKD")
    .replaceAll(/\p{Mark}|['’]/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  // A title in another script gives no letters for an address.
  return freeSlug((words ?? ["campaign"]).reduce(joined).slice(0, SUGGESTED_MAX_CHARACTERS));
}

function joined(slug: string, word: string): string {
  const longer = `${slug}-${word}`;
  return longer.length > SUGGESTED_MAX_CHARACTERS ? slug : longer;
}

/** Returns an address that no campaign has: the wanted one if possible, else one with a number behind it. */
export async function freeSlug(wanted: string): Promise<string> {
  const taken = await database().campaign.findMany({
    where: { slug: { startsWith: wanted } },
    select: { slug: true },
  });
  const slugs = new Set(taken.map(({ slug }) => slug));
  for (let number = 1; ; number++) {
    const slug = number === 1 ? wanted : `${wanted}-${number}`;
    if (isSlug(slug) && !slugs.has(slug)) return slug;
  }
}

import { campaignSlugs } from "@/lib/campaigns";
import { type Access, mayIn } from "@/lib/roles";

/** Returns the slugs of the campaigns that somebody may see something of. */
export function campaignsOf(access: Access): readonly string[] {
  return campaignSlugs().filter((slug) => mayIn(access, slug, "read figures"));
}

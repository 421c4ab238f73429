import { Prisma } from "@/lib/db/generated/client";

/** Returns the SQL condition that a row of `signature` belongs to a campaign. */
export function inCampaign(slug: string): Prisma.Sql {
  return Prisma.sql`signature.campaign_id = (SELECT id FROM campaign WHERE slug = ${slug})`;
}

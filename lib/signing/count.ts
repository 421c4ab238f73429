import { isSlug, type Outcome } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { publishedAtOf, publishedCountOf } from "@/lib/disclosure";

/** The public figures of a campaign: confirmed signatures only, as last published. */
export type CampaignFigures = {
  slug: string;
  status: "open" | "closed";
  count: number;
  goal: number;
  /** When the count last changed, to the hour. Anything finer would reveal when somebody confirmed. */
  updatedAt: string;
  /** What became of it; absent while it is open, and if it was closed without one. */
  outcome?: Outcome;
};

/**
 * Returns the published figures of a campaign; null when there is no such campaign, or it was never published.
 * Never counts signatures.
 */
export async function campaignFigures(slug: string): Promise<CampaignFigures | null> {
  if (!isSlug(slug)) return null;
  const [row] = await database().$queryRaw<Row[]>`
    SELECT campaign.slug, campaign.status, ${publishedCountOf(Prisma.sql`campaign.id`)}::float8 AS count,
      campaign.goal, ${publishedAtOf(Prisma.sql`campaign.id`)} AS "updatedAt", campaign.outcome
    FROM campaign WHERE campaign.slug = ${slug} AND campaign.status <> 'draft'`;
  if (!row) return null;
  const { outcome, updatedAt, ...figures } = row;
  return { ...figures, updatedAt: updatedAt.toISOString(), ...(outcome === null ? {} : { outcome }) };
}

type Row = Omit<CampaignFigures, "updatedAt" | "outcome"> & { updatedAt: Date; outcome: Outcome | null };

import { type DeskCampaign, deskCampaigns } from "@/lib/editing";
import { type Access, mayIn, type Permission } from "@/lib/roles";

/** Returns the campaigns that somebody may see something of, published or not. */
export async function campaignsOf(access: Access): Promise<DeskCampaign[]> {
  const campaigns = await deskCampaigns();
  return campaigns.filter((campaign) =>
    isSeen(campaign, (permission) => mayIn(access, campaign.slug, permission)),
  );
}

/** Whether a campaign is there for somebody: before it is published, only for those who may read drafts. */
export function isSeen({ version }: DeskCampaign, may: (permission: Permission) => boolean): boolean {
  return may("read figures") && (version !== null || may("read drafts"));
}

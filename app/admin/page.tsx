import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { campaignsOf } from "@/app/admin/_desk/campaigns";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { CampaignList } from "@/components/admin/campaigns/CampaignList";
import { NewCampaign } from "@/components/admin/campaigns/NewCampaign";
import { TITLE_MAX_CHARACTERS } from "@/lib/editing";
import { mayIn } from "@/lib/roles";
import { campaignFigures } from "@/lib/signing";
import { createNew } from "./actions";

export const metadata: Metadata = { title: "Campaigns" };

export default deskPage("campaign.list", async ({ access, may }) => {
  const campaigns = await campaignsOf(access);
  const [only] = campaigns;
  const mayCreate = may("create");
  // A list of one is of no use to those who cannot add to it.
  if (only !== undefined && campaigns.length === 1 && !mayCreate) redirect(`/admin/${only.slug}`);
  const listed = await Promise.all(
    campaigns.map(async (campaign) => ({
      ...campaign,
      count: (await campaignFigures(campaign.slug))?.count ?? null,
      mayReadDrafts: mayIn(access, campaign.slug, "read drafts"),
    })),
  );
  const create = (
    <NewCampaign
      models={listed.filter(({ mayReadDrafts }) => mayReadDrafts)}
      titleMaxCharacters={TITLE_MAX_CHARACTERS}
      create={createNew}
    />
  );
  return <CampaignList campaigns={listed} create={mayCreate ? create : null} />;
});

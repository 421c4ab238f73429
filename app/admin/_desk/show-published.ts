import { loadCampaigns } from "@/lib/campaigns";
import { publicPages } from "@/lib/http/public-pages";

/** Has this process show what was just published or closed, without waiting for the database to announce it. */
export async function showPublished(): Promise<void> {
  await loadCampaigns();
  publicPages.clear();
}

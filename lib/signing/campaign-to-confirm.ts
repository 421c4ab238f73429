import { onlyCampaign } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";

/**
 * Returns the campaign of the signature that a token confirms. Where there is one campaign, that, and nothing is looked up.
 * Null for a token that is none of ours or has ended, and while the database is out of reach.
 */
export async function campaignToConfirm(token: string): Promise<string | null> {
  const only = onlyCampaign();
  if (only !== null) return only;
  try {
    const [found] = await database().$queryRaw<{ slug: string }[]>`
      SELECT campaign.slug FROM token
      JOIN signature ON signature.id = token.signature_id JOIN campaign ON campaign.id = signature.campaign_id
      WHERE token.hash = ${hashToken(token)} AND token.purpose = 'confirm' AND token.expires_at > now()`;
    return found?.slug ?? null;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    return null;
  }
}

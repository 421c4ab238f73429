import { onlyCampaign } from "@/lib/campaigns";
import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";

/**
 * Returns the campaign of the signature that a token confirms. If there is only one campaign, returns that
 * one without a look-up. Null for an unknown or expired token, and when the database is unreachable.
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

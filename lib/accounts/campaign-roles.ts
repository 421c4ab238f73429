import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import type { CampaignRole } from "@/lib/roles";
import { activeAccount } from "./accounts";

/** Nobody has the address, or there is no such campaign. */
type Unknown = { kind: "unknown" } | { kind: "unknown-campaign" };

/** Gives somebody a role in a campaign, in place of the one that they have there. It holds from the next request on. */
export function giveCampaignRole(
  email: string,
  slug: string,
  role: CampaignRole,
  actor: Actor | null = null,
): Promise<{ kind: "given" } | Unknown> {
  return database().$transaction(async (transaction) => {
    const account = await activeAccount(transaction, email);
    if (!account) return { kind: "unknown" };
    const campaign = await transaction.campaign.findUnique({ where: { slug }, select: { id: true } });
    if (!campaign) return { kind: "unknown-campaign" };
    const key = { accountId: account.id, campaignId: campaign.id };
    const grant = { role, grantedBy: actor?.label ?? "system" };
    await transaction.adminCampaignRole.upsert({
      where: { accountId_campaignId: key },
      create: { ...key, ...grant },
      update: { ...grant, grantedAt: new Date() },
    });
    const detail = { account: account.email, role };
    await recordAudit(
      { actor, action: "account.role", campaign: slug, subject: account.id, detail },
      transaction,
    );
    return { kind: "given" };
  });
}

/** Takes somebody's role in a campaign away, from the next request on. `none`: they had none there. */
export function takeCampaignRole(
  email: string,
  slug: string,
  actor: Actor | null = null,
): Promise<{ kind: "taken" } | { kind: "none" }> {
  return database().$transaction(async (transaction) => {
    const account = await activeAccount(transaction, email);
    if (!account) return { kind: "none" };
    const { count } = await transaction.adminCampaignRole.deleteMany({
      where: { accountId: account.id, campaign: { slug } },
    });
    if (count === 0) return { kind: "none" };
    const about = { actor, action: "account.remove-role", campaign: slug, subject: account.id };
    await recordAudit({ ...about, detail: { account: account.email } }, transaction);
    return { kind: "taken" };
  });
}

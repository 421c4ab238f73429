import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";

export type HandingOver = { kind: "noted"; at: Date } | { kind: "unknown-campaign" } | { kind: "not-closed" };

/**
 * Records that a petition was handed over to its addressees. Its signatures are deleted a month later. Only a
 * closed campaign can be handed over; recording it again changes nothing.
 */
export function noteHandOver(slug: string, actor: Actor | null = null): Promise<HandingOver> {
  return database().$transaction(async (transaction) => {
    const campaign = await transaction.campaign.findUnique({ where: { slug } });
    if (!campaign) return { kind: "unknown-campaign" };
    if (campaign.status !== "closed") return { kind: "not-closed" };
    if (campaign.handedOverAt) return { kind: "noted", at: campaign.handedOverAt };
    const at = new Date();
    await transaction.campaign.update({ where: { slug }, data: { handedOverAt: at } });
    await recordAudit(
      { actor, action: "campaign.handed-over", campaign: slug, subject: campaign.id, detail: {} },
      transaction,
    );
    return { kind: "noted", at };
  });
}

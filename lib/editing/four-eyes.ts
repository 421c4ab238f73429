import { type Actor, recordAudit } from "@/lib/audit";
import { type UnknownCampaign, withCampaign } from "./held";

/** Sets whether somebody else has to publish what one wrote. Changes nothing that is published already. */
export function setFourEyes(
  actor: Actor | null,
  slug: string,
  fourEyes: boolean,
): Promise<{ kind: "changed" } | { kind: "unchanged" } | UnknownCampaign> {
  return withCampaign(slug, async (transaction, held) => {
    if (held.fourEyes === fourEyes) return { kind: "unchanged" };
    await transaction.campaign.update({ where: { id: held.id }, data: { fourEyes } });
    const entry = { actor, action: "campaign.four-eyes", campaign: slug, subject: held.id };
    await recordAudit({ ...entry, detail: { fourEyes } }, transaction);
    return { kind: "changed" };
  });
}

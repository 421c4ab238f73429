import type { Metadata } from "next";
import { z } from "zod";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import type { CampaignVisit } from "@/app/admin/_desk/visit";
import { UNDO } from "@/app/admin/[campaign]/receipts/undo";
import { Receipt } from "@/components/admin/Receipt";
import { auditEntry, wasTakenBack } from "@/lib/audit";
import { receiptOf } from "@/lib/desk";
import { audienceOf } from "@/lib/disclosure";
import { UNDO_MINUTES } from "@/lib/moderation";
import { mayIn } from "@/lib/roles";

export const metadata: Metadata = { title: "Receipt" };

const TAKEN_BACK = "All of it was taken back later. The audit log says when, and by whom.";

const ofCampaign = z.object({ slug: z.string() });

/** Whether an entry is about the page's campaign. Old ones do not say: they are for those who see all campaigns. */
function isTheirs(detail: string, { access, slug }: CampaignVisit): boolean {
  const named = ofCampaign.safeParse(JSON.parse(detail));
  return named.success ? named.data.slug === slug : mayIn(access, null, "read figures");
}

/** The receipt of an action, by its entry in the audit log. */
export default campaignPage(
  "receipt.view",
  async (visit, { params }: PageProps<"/admin/[campaign]/receipts/[entry]">) => {
    const { entry: id } = await params;
    const entry = z.uuid().safeParse(id).success ? await auditEntry(id, audienceOf(visit)) : null;
    const receipt = entry && receiptOf(entry);
    if (!entry || !receipt || !isTheirs(entry.detail, visit)) return notThere();
    const { may, slug } = visit;
    const takenBack = await wasTakenBack(entry);
    const isUndoable = !takenBack && may("run") && entry.at.getTime() > Date.now() - UNDO_MINUTES * 60_000;
    return (
      <Receipt
        title={receipt.title}
        text={takenBack ? TAKEN_BACK : receipt.text}
        at={entry.at}
        who={entry.actorLabel}
        undo={isUndoable && receipt.undo ? { ...receipt.undo, action: UNDO[receipt.undo.action] } : null}
        overview={`/admin/${slug}`}
      />
    );
  },
);

import type { Metadata } from "next";
import { z } from "zod";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { UNDO } from "@/app/admin/[campaign]/receipts/undo";
import { Receipt } from "@/components/admin/Receipt";
import { auditEntry, campaignOf, wasTakenBack } from "@/lib/audit";
import { receiptOf } from "@/lib/desk";
import { audienceOf } from "@/lib/disclosure";
import { UNDO_MINUTES } from "@/lib/moderation";

export const metadata: Metadata = { title: "Receipt" };

const TAKEN_BACK = "All of it was taken back later. The audit log says when, and by whom.";

/** The receipt of an action, by its entry in the audit log. */
export default campaignPage(
  "receipt.view",
  async (visit, { params }: PageProps<"/admin/[campaign]/receipts/[entry]">) => {
    const { slug, may } = visit;
    const { entry: id } = await params;
    const entry = z.uuid().safeParse(id).success ? await auditEntry(id, audienceOf(visit)) : null;
    const receipt = entry && receiptOf(entry);
    if (!entry || !receipt || campaignOf(entry) !== slug) return notThere();
    const takenBack = await wasTakenBack(entry);
    const isOpen = !takenBack && entry.at.getTime() > Date.now() - UNDO_MINUTES * 60_000;
    return (
      <Receipt
        title={receipt.title}
        text={takenBack ? TAKEN_BACK : receipt.text}
        at={entry.at}
        who={entry.actorLabel}
        undo={
          may("run") && receipt.undo
            ? { fields: receipt.undo.fields, action: UNDO[receipt.undo.action], isOpen }
            : null
        }
        overview={`/admin/${slug}`}
      />
    );
  },
);

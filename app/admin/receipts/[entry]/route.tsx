import { z } from "zod";
import { forAction } from "@/app/admin/_desk/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/admin/_desk/document";
import { ReceiptPage } from "@/components/admin/ReceiptPage";
import { auditEntry, wasTakenBack } from "@/lib/audit";
import { receiptOf } from "@/lib/desk";
import { UNDO_MINUTES } from "@/lib/moderation";

const TAKEN_BACK = "All of it was taken back later. The audit log says when, and by whom.";

/** Serves the receipt of an action, by its entry in the audit log. */
export function GET(
  request: Request,
  { params }: RouteContext<"/admin/receipts/[entry]">,
): Promise<Response> {
  return forAction(request, "receipt.view", async ({ actor }) => {
    const { entry: id } = await params;
    const entry = z.uuid().safeParse(id).success ? await auditEntry(id) : null;
    const receipt = entry && receiptOf(entry);
    if (!entry || !receipt)
      return notice(actor, "There is no such receipt", "The audit log has everything that was done.", 404);
    const takenBack = await wasTakenBack(entry);
    const isUndoable =
      !takenBack && actor.role === "owner" && entry.at.getTime() > Date.now() - UNDO_MINUTES * 60_000;
    return adminPage(
      <ReceiptPage
        organisation={organisation()}
        signedIn={signedInAs(actor)}
        title={receipt.title}
        text={takenBack ? TAKEN_BACK : receipt.text}
        at={entry.at}
        who={entry.actorLabel}
        undo={isUndoable ? (receipt.undo ?? null) : null}
      />,
    );
  });
}

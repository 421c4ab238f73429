import { z } from "zod";
import { adminForm, adminPage, forRole, notice, organisation, signedInAs } from "@/app/_admin/page";
import { publicPages } from "@/app/_pages/public-pages";
import { SignatoryPage } from "@/components/admin/SignatoriesPage";
import { type Actor, recordAudit } from "@/lib/admin";
import { deleteSignatory, resendMail, signatoryWithHistory } from "@/lib/admin/signatories";
import { seeOther } from "@/lib/http/answers";

type Context = RouteContext<"/admin/signatories/[id]">;

/** One signatory. That somebody looked is in the audit log. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return forRole(request, "exporter", async (actor) => {
    const { id } = await params;
    const found = z.uuid().safeParse(id).success ? await signatoryWithHistory(id) : null;
    if (!found) return unknown(actor);
    await recordAudit({ actor, action: "signatory.view", detail: { signature: id } });
    return adminPage(<SignatoryPage organisation={organisation()} signedIn={signedInAs(actor)} {...found} />);
  });
}

/** Sends the mail again, withdraws, or erases. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return forRole(request, "owner", async (actor) => {
    const { id } = await params;
    if (!z.uuid().safeParse(id).success) return unknown(actor);
    const action = (await adminForm(request))?.action;
    switch (action) {
      case "resend":
        return (await resendMail(actor, id))
          ? seeOther(`/admin/signatories/${id}`)
          : notice(actor, "No mail is sent", "The address asked for none, or the signature is gone.", 422);
      case "withdraw":
      case "erase": {
        if (!(await deleteSignatory(actor, id, action === "erase"))) return unknown(actor);
        publicPages.clear();
        return seeOther("/admin/signatories");
      }
      default:
        return notice(actor, "That is nothing this page can do", "Please go back and try again.", 400);
    }
  });
}

function unknown(actor: Actor): Promise<Response> {
  return notice(actor, "There is no such signature", "It may have been withdrawn.", 404);
}

import { z } from "zod";
import { adminForm, adminPage, forRole, notice, organisation, signedInAs } from "@/app/_admin/page";
import { signaturesChanged } from "@/app/_pages/public-pages";
import { SignatoryPage } from "@/components/admin/SignatoriesPage";
import { type Actor, recordAudit } from "@/lib/admin";
import { INVALID_REASONS, isInvalidReason, markInvalid, restore } from "@/lib/admin/invalid";
import { deleteSignatory, type Resending, resendMails, signatoryWithHistory } from "@/lib/admin/signatories";
import { liftSuppression, suppressionOf } from "@/lib/admin/suppression";
import { seeOther } from "@/lib/http/answers";

type Context = RouteContext<"/admin/signatories/[id]">;

/** One signatory. That somebody looked is in the audit log. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return forRole(request, "exporter", async (actor) => {
    const { id } = await params;
    const found = z.uuid().safeParse(id).success ? await signatoryWithHistory(id) : null;
    if (!found) return unknown(actor);
    await recordAudit({ actor, action: "signatory.view", subject: id, detail: { signature: id } });
    return adminPage(
      <SignatoryPage
        organisation={organisation()}
        signedIn={signedInAs(actor)}
        reasons={INVALID_REASONS}
        suppressed={await suppressionOf({ signatureId: id })}
        {...found}
      />,
    );
  });
}

/** Sends the mail again, allows mail again, marks invalid or valid again, withdraws, or erases. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return forRole(request, "owner", async (actor) => {
    const { id } = await params;
    if (!z.uuid().safeParse(id).success) return unknown(actor);
    const { action, reason = "" } = (await adminForm(request)) ?? {};
    const here = `/admin/signatories/${id}`;
    switch (action) {
      case "resend":
        return resent(actor, here, await resendMails(actor, [id]));
      case "lift":
        await liftSuppression(actor, { signatureId: id });
        return seeOther(here);
      case "invalid":
        if (!isInvalidReason(reason))
          return notice(actor, "Say why", "Go back and choose a reason from the list.", 422);
        await markInvalid(actor, [id], reason);
        signaturesChanged();
        return seeOther(here);
      case "restore":
        await restore(actor, { signatureId: id });
        signaturesChanged();
        return seeOther(here);
      case "withdraw":
      case "erase": {
        if (!(await deleteSignatory(actor, id, action === "erase"))) return unknown(actor);
        signaturesChanged();
        return seeOther("/admin/signatories");
      }
      default:
        return notice(actor, "That is nothing this page can do", "Please go back and try again.", 400);
    }
  });
}

async function resent(actor: Actor, here: string, { owed, tooSoon, refused }: Resending): Promise<Response> {
  if (owed > 0) return seeOther(here);
  if (tooSoon > 0)
    return notice(actor, "No mail is sent", "This address was written to within the last hour.", 429);
  if (refused > 0)
    return notice(
      actor,
      "No mail is sent",
      "The address asked for none, or the signature is marked invalid.",
      422,
    );
  return unknown(actor);
}

function unknown(actor: Actor): Promise<Response> {
  return notice(actor, "There is no such signature", "It may have been withdrawn.", 404);
}

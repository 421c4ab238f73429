import { z } from "zod";
import { forAction, forForm, type Posted, toReceipt, withoutNames } from "@/app/admin/_desk/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/admin/_desk/document";
import { SignatoryPage } from "@/components/admin/SignatoriesPage";
import { type Actor, recordAudit } from "@/lib/audit";
import { redirect } from "@/lib/http/answers";
import { signaturesChanged } from "@/lib/http/public-pages";
import {
  INVALID_REASONS,
  isInvalidReason,
  liftSuppression,
  markInvalid,
  restore,
  suppressionOf,
} from "@/lib/moderation";
import {
  deleteSignatory,
  type Resending,
  resendMails,
  signatoryExists,
  signatoryWithHistory,
} from "@/lib/signatories";

type Context = RouteContext<"/admin/signatories/[id]">;

/** Serves the page of one signatory. Viewing it is logged. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return forAction(request, "signatory.view", async (visit) => {
    const { actor, reader } = visit;
    const { id } = await params;
    const found = z.uuid().safeParse(id).success ? await signatoryWithHistory(reader, id) : null;
    if (!found) return unknown(actor);
    if (found.kind !== "found") return withoutNames(visit, found);
    await recordAudit({ actor, action: "signatory.view", signature: id, detail: {} });
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

/** Resends the mail, allows mail again, marks invalid or valid again, withdraws, or erases. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  /** Runs `act` on the signature in the address, if the id is well-formed. */
  const onSignature = (act: (posted: Posted, id: string) => Promise<Response>) => async (posted: Posted) => {
    const { id } = await params;
    return z.uuid().safeParse(id).success ? act(posted, id) : unknown(posted.actor);
  };
  const howMany = async () => {
    const { id } = await params;
    return z.uuid().safeParse(id).success && (await signatoryExists(id)) ? 1 : null;
  };
  const deletes = (suppress: boolean) => ({
    howMany,
    act: onSignature(async ({ actor }, id) => {
      const entry = await deleteSignatory(actor, id, suppress);
      if (entry === null) return unknown(actor);
      signaturesChanged();
      return toReceipt(entry);
    }),
  });
  return forForm(request, {
    "signatory.resend": onSignature(async ({ actor }, id) =>
      resent(actor, pageOf(id), await resendMails(actor, [id])),
    ),
    "signatory.lift": onSignature(async ({ actor }, id) => {
      await liftSuppression(actor, { signatureId: id });
      return redirect(pageOf(id));
    }),
    "signatory.invalid": onSignature(async ({ actor, form: { reason = "" } }, id) => {
      if (!isInvalidReason(reason))
        return notice(actor, "Say why", "Go back and choose a reason from the list.", 422);
      await markInvalid(actor, [id], reason);
      signaturesChanged();
      return redirect(pageOf(id));
    }),
    "signatory.restore": onSignature(async ({ actor }, id) => {
      await restore(actor, { signatureId: id });
      signaturesChanged();
      return redirect(pageOf(id));
    }),
    "signatory.withdraw": deletes(false),
    "signatory.erase": deletes(true),
  });
}

function pageOf(id: string): string {
  return `/admin/signatories/${id}`;
}

async function resent(actor: Actor, here: string, { owed, tooSoon, refused }: Resending): Promise<Response> {
  if (owed > 0) return redirect(here);
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

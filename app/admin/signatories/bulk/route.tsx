import { z } from "zod";
import { adminForm, adminPage, forRole, notice, organisation, signedInAs } from "@/app/_admin/page";
import { signaturesChanged } from "@/app/_pages/public-pages";
import { counted } from "@/components/admin/counted";
import { moment } from "@/components/admin/moment";
import { BulkDonePage } from "@/components/admin/SignatoriesPage";
import {
  isInvalidReason,
  markInvalid,
  restore,
  UNDO_MINUTES,
  withdrawSignatories,
} from "@/lib/admin/invalid";
import { resendMails, SIGNATORIES_AT_ONCE } from "@/lib/admin/signatories";
import { seeOther } from "@/lib/http/answers";

/** What is done with many signatories in one go. Each chosen one is a field of its own, `id.{uuid}`. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "owner", async (actor) => {
    const form = (await adminForm(request)) ?? {};
    const page = { organisation: organisation(), signedIn: signedInAs(actor) };
    if (form.action === "undo") {
      if (!z.uuid().safeParse(form.job).success || (await restore(actor, { jobId: form.job ?? "" })) === 0)
        return notice(
          actor,
          "Nothing was taken back",
          "The hour is over, or it was taken back already.",
          410,
        );
      signaturesChanged();
      return seeOther("/admin/signatories");
    }
    const ids = chosen(form);
    if (ids.length === 0 || ids.length > SIGNATORIES_AT_ONCE)
      return notice(actor, "Choose some first", `Between 1 and ${SIGNATORIES_AT_ONCE} at once.`, 422);
    switch (form.action) {
      case "invalid": {
        const { reason = "" } = form;
        if (!isInvalidReason(reason))
          return notice(actor, "Say why", "Go back and choose a reason from the list.", 422);
        const { jobId, marked } = await markInvalid(actor, ids, reason);
        signaturesChanged();
        return adminPage(
          <BulkDonePage
            {...page}
            title={`${counted(marked, "signature")} marked invalid`}
            text={`Kept, and no longer counted. For ${UNDO_MINUTES} minutes all can be taken back, here and under Signatories; later one by one.`}
            jobId={jobId}
          />,
        );
      }
      case "withdraw": {
        const { jobId, withdrawn, deleteAt } = await withdrawSignatories(actor, ids);
        signaturesChanged();
        return adminPage(
          <BulkDonePage
            {...page}
            title={`${counted(withdrawn, "signature")} withdrawn`}
            text={`No longer counted, and deleted for good after ${moment(deleteAt)} UTC with all that belongs to them. Until then all can be taken back, here and under Signatories.`}
            jobId={jobId}
          />,
        );
      }
      case "resend": {
        const { owed, tooSoon, refused } = await resendMails(actor, ids);
        return notice(
          actor,
          `${counted(owed, "mail")} on the way`,
          `Written to within the last hour, and left out: ${tooSoon}. May not be written to, or invalid: ${refused}.`,
          200,
        );
      }
      default:
        return notice(actor, "That is nothing this page can do", "Please go back and try again.", 400);
    }
  });
}

function chosen(form: Record<string, string>): string[] {
  return Object.keys(form)
    .filter((name) => name.startsWith("id."))
    .map((name) => name.slice("id.".length))
    .filter((id) => z.uuid().safeParse(id).success);
}

import { z } from "zod";
import { forForm, type Posted, toReceipt } from "@/app/admin/_desk/action";
import { notice } from "@/app/admin/_desk/document";
import { counted } from "@/components/admin/counted";
import { redirect } from "@/lib/http/answers";
import { signaturesChanged } from "@/lib/http/public-pages";
import { isInvalidReason, markInvalid, restore, withdrawSignatories } from "@/lib/moderation";
import { resendMails, SIGNATORIES_AT_ONCE } from "@/lib/signatories";

/** Runs a bulk action on the chosen signatories. Each is a field of its own, `id.{uuid}`. */
export function POST(request: Request): Promise<Response> {
  return forForm(request, {
    "bulk.undo": undo,
    "bulk.invalid": onChosen(async (posted, ids) => {
      const { reason = "" } = posted.form;
      if (!isInvalidReason(reason))
        return notice(posted.actor, "Say why", "Go back and choose a reason from the list.", 422);
      return receipt(posted, (await markInvalid(posted.actor, ids, reason)).entry);
    }),
    "bulk.withdraw": {
      howMany,
      act: onChosen(async (posted, ids) =>
        receipt(posted, (await withdrawSignatories(posted.actor, ids)).entry),
      ),
    },
    "bulk.resend": {
      howMany,
      act: onChosen(async ({ actor }, ids) => {
        const { owed, tooSoon, refused } = await resendMails(actor, ids);
        return notice(
          actor,
          `${counted(owed, "mail")} on the way`,
          `Written to within the last hour, and left out: ${tooSoon}. May not be written to, or invalid: ${refused}.`,
          200,
        );
      }),
    },
  });
}

async function undo({ actor, form: { job = "" } }: Posted): Promise<Response> {
  if (!z.uuid().safeParse(job).success || (await restore(actor, { jobId: job })) === 0)
    return notice(actor, "Nothing was taken back", "The hour is over, or it was taken back already.", 410);
  signaturesChanged();
  return redirect("/admin/signatories");
}

function onChosen(act: (posted: Posted, ids: string[]) => Promise<Response>) {
  return async (posted: Posted): Promise<Response> => {
    const ids = chosen(posted.form);
    return ids.length === 0 || ids.length > SIGNATORIES_AT_ONCE
      ? notice(posted.actor, "Choose some first", `Between 1 and ${SIGNATORIES_AT_ONCE} at once.`, 422)
      : act(posted, ids);
  };
}

async function howMany({ form }: Posted): Promise<number | null> {
  const { length } = chosen(form);
  return length === 0 || length > SIGNATORIES_AT_ONCE ? null : length;
}

/** @param entry null if all chosen signatories were already in that state. */
function receipt({ actor }: Posted, entry: string | null): Promise<Response> | Response {
  signaturesChanged();
  return entry === null
    ? notice(actor, "Nothing was changed", "All of them were so already, or are gone.", 200)
    : toReceipt(entry);
}

function chosen(form: Record<string, string>): string[] {
  return Object.keys(form)
    .filter((name) => name.startsWith("id."))
    .map((name) => name.slice("id.".length))
    .filter((id) => z.uuid().safeParse(id).success);
}

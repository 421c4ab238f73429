import { z } from "zod";
import { forForm } from "@/app/admin/_desk/action";
import { notice } from "@/app/admin/_desk/document";
import { redirect } from "@/lib/http/answers";
import { BATCH_DECISIONS, decideOnBatch, mailStop, mailsOwed, resumeMail, retryMails } from "@/lib/mail";

const decisionSchema = z.object({ batch: z.uuid(), decision: z.enum(BATCH_DECISIONS) });

/**
 * Requeues mails that failed for one reason, closes a batch whose delivery is unknown, or resumes sending
 * after a restore stopped it.
 */
export function POST(request: Request): Promise<Response> {
  return forForm(request, {
    "mail.decide": async ({ actor, form }) => {
      const asked = decisionSchema.safeParse(form);
      if (!asked.success || !(await decideOnBatch(actor, asked.data.batch, asked.data.decision)))
        return notice(actor, "No batch waits for that", "It may have been decided by somebody else.", 410);
      return redirect("/admin");
    },
    "mail.retry": async ({ actor, form }) => {
      if ((await retryMails(actor, form.reason ?? "")) === null)
        return notice(
          actor,
          "These stay unsent",
          "They may not be sent, or their signatures do not count.",
          422,
        );
      return redirect("/admin");
    },
    "mail.resume": {
      howMany: async () => ((await mailStop()) === null ? null : mailsOwed()),
      act: async ({ actor }) => {
        if (!(await resumeMail(actor)).changed)
          return notice(actor, "Mail is not stopped", "Somebody else may have let it go out.", 410);
        return redirect("/admin");
      },
    },
  });
}

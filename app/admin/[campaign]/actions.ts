"use server";

import { z } from "zod";
import { campaignAction } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid } from "@/app/admin/_desk/outcome";
import { counted } from "@/components/admin/counted";
import { BATCH_DECISIONS, decideOnBatch, mailStop, mailsOwed, resumeMail, retryMails } from "@/lib/mail";

/** Queues mails again that were given up for one reason. */
export const retryGivenUpMail = campaignAction(
  "mail.retry",
  z.object({ reason: z.string("These mails are not known. Reload the page and try again.") }),
  async ({ actor, form }) => {
    const mails = await retryMails(actor, form.reason);
    if (mails === null)
      return invalid(
        "reason",
        "These mails stay unsent: their addresses must not be written to, or their signatures do not count.",
      );
    return done(`${counted(mails, "mail")} will be sent again.`);
  },
);

/** Settles a batch that may or may not have been sent. */
export const decideOnMail = campaignAction(
  "mail.decide",
  z.object({
    batch: z.string(),
    decision: z.enum(BATCH_DECISIONS, "Say whether the mails were sent, or are to be sent again."),
  }),
  async ({ actor, form }) => {
    const batch = z.uuid().safeParse(form.batch);
    if (!batch.success || !(await decideOnBatch(actor, batch.data, form.decision)))
      return failed(
        "These mails need no decision",
        "Somebody else may have decided already. Reload the page to see how mail is doing now.",
      );
    return done(form.decision === "sent" ? "The mails are noted as sent." : "The mails will be sent again.");
  },
);

/** Resumes mail after a restore or a stop. */
export const resumeAllMail = campaignAction(
  "mail.resume",
  z.object({}),
  async ({ actor }) => {
    const { changed, owed } = await resumeMail(actor);
    return changed
      ? done(`Mail goes out again. ${counted(owed, "mail")} waited for it.`)
      : failed("Mail is not stopped", "Somebody else may have let it go out already.");
  },
  { howMany: async () => ((await mailStop()) === null ? null : mailsOwed()) },
);

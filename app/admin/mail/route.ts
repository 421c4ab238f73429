import { adminForm, forRole, notice } from "@/app/_admin/page";
import { recordAudit } from "@/lib/admin";
import { seeOther } from "@/lib/http/answers";
import { retryDeadMails } from "@/lib/mail/dead-letters";

/** Puts mails that were given up for one reason back into the queue. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "owner", async (actor) => {
    const reason = (await adminForm(request))?.reason ?? "";
    if (reason === "suppressed")
      return notice(actor, "These stay unsent", "Their addresses asked for no more mail, or bounced.", 422);
    const mails = await retryDeadMails(reason);
    await recordAudit({ actor, action: "mail.retry", detail: { reason, mails } });
    return seeOther("/admin");
  });
}

import { z } from "zod";
import { adminForm, forRole, notice } from "@/app/_admin/page";
import type { Actor } from "@/lib/admin";
import { decideOnBatch, retryMails } from "@/lib/admin/mail";
import { seeOther } from "@/lib/http/answers";
import { BATCH_DECISIONS } from "@/lib/mail/ambiguous";

const decisionSchema = z.object({ batch: z.uuid(), decision: z.enum(BATCH_DECISIONS) });

/** Owes mails again that were given up for one reason, or ends a batch of which nobody knew whether it was sent. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "owner", async (actor) => {
    const form = (await adminForm(request)) ?? {};
    return "batch" in form ? decided(actor, form) : retried(actor, form.reason ?? "");
  });
}

async function decided(actor: Actor, form: Record<string, string>): Promise<Response> {
  const asked = decisionSchema.safeParse(form);
  if (!asked.success || !(await decideOnBatch(actor, asked.data.batch, asked.data.decision)))
    return notice(actor, "No batch waits for that", "It may have been decided by somebody else.", 410);
  return seeOther("/admin");
}

async function retried(actor: Actor, reason: string): Promise<Response> {
  if ((await retryMails(actor, reason)) === null)
    return notice(actor, "These stay unsent", "They may not be sent, or their signatures do not count.", 422);
  return seeOther("/admin");
}

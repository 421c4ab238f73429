import { mayReadMailbox } from "@/app/(public)/_pages/mailbox";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { answerPage } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { MailboxPage } from "@/components/dev/MailboxPage";
import { readMailbox } from "@/lib/mail";

/** Serves the local mailbox as a page. 404 unless requested from this machine. */
export async function GET(request: Request): Promise<Response> {
  if (!mayReadMailbox(request)) return answerNotFound(request);
  const mails = await readMailbox(new URL(request.url).searchParams.get("to"));
  return answerPage(<MailboxPage site={site()} mails={mails} />);
}

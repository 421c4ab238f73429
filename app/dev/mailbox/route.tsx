import { answerNotFound } from "@/app/_pages/message";
import { answerPage } from "@/app/_pages/render";
import { site } from "@/app/_pages/site";
import { MailboxPage } from "@/components/dev/MailboxPage";
import { readMailbox } from "@/lib/mail/transports/mailbox";
import { settings } from "@/lib/settings";

/** The local mailbox for people. 404 wherever mail really goes out. */
export async function GET(request: Request): Promise<Response> {
  if (!settings().mailboxEnabled) return answerNotFound(request);
  const mails = await readMailbox(new URL(request.url).searchParams.get("to"));
  return answerPage(<MailboxPage site={site()} mails={mails} />);
}

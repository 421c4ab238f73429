import { answerNotFound } from "@/app/_pages/message";
import { json } from "@/lib/http/answers";
import { readMailbox } from "@/lib/mail/transports/mailbox";
import { settings } from "@/lib/settings";

/** The local mailbox as data, newest first; `?to=` filters. 404 wherever mail really goes out. */
export async function GET(request: Request): Promise<Response> {
  if (!settings().mailboxEnabled) return answerNotFound(request);
  const mails = await readMailbox(new URL(request.url).searchParams.get("to"));
  return json(
    mails.map(({ id, to, from, subject, text, html, headers, sentAt }) => ({
      id,
      to,
      from,
      subject,
      text,
      html,
      headers,
      sentAt,
    })),
  );
}

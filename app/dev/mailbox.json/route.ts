import { mayReadMailbox } from "@/app/(public)/_pages/mailbox";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { json } from "@/lib/http/answers";
import { readMailbox } from "@/lib/mail";

/** Serves the local mailbox as JSON, newest first; `?to=` filters. 404 unless requested from this machine. */
export async function GET(request: Request): Promise<Response> {
  if (!mayReadMailbox(request)) return answerNotFound(request);
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

import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerMessage, readerLocale } from "@/app/(public)/_pages/message";
import { answerPostOnly, refuseForm } from "@/app/(public)/_pages/refuse";
import { evenTime } from "@/lib/http/even-time";
import { mailedToken } from "@/lib/http/link";
import { readForm } from "@/lib/http/request";
import { allowMail, SIGNATURE_BODY_LIMIT_BYTES } from "@/lib/signing";

const inEvenTime = evenTime("allow mail");

type Context = RouteContext<"/api/unsubscribe/[token]/allow">;

export async function GET(request: Request, { params }: Context): Promise<Response> {
  return answerPostOnly(request, `/api/unsubscribe/${encodeURIComponent(mailedToken((await params).token))}`);
}

/**
 * Allows mail again to the mailbox that an unsubscribe link was sent to. Unknown links get the same answer in
 * the same time.
 */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return handleErrors(request, async () => {
    const received = await readForm(request, SIGNATURE_BODY_LIMIT_BYTES);
    if (!received.ok) return refuseForm(request, received.refusal);
    const token = mailedToken((await params).token);
    await inEvenTime(() => allowMail(token));
    return answerMessage("mail-allowed", 200, readerLocale(request));
  });
}

import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerMessage, readerLocale } from "@/app/(public)/_pages/message";
import { answerPage } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { UnsubscribePage } from "@/components/campaign/UnsubscribePage";
import { evenTime } from "@/lib/http/even-time";
import { mailedToken } from "@/lib/http/link";
import { unsubscribe } from "@/lib/signing";

const inEvenTime = evenTime("unsubscribe");

/**
 * Serves the page for people who follow the link in a mail. It has buttons, since opening a link changes
 * nothing. Nothing is looked up, so anyone with the link sees the same page whatever is stored.
 */
export function GET(
  request: Request,
  { params }: RouteContext<"/api/unsubscribe/[token]">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const token = mailedToken((await params).token);
    const page = { site: site(), locale: readerLocale(request), token };
    return answerPage(<UnsubscribePage {...page} />);
  });
}

/**
 * Handles RFC 8058 one-click unsubscribe: no sign-in, cookie or redirect, and repeats get the same answer.
 */
export function POST(
  request: Request,
  { params }: RouteContext<"/api/unsubscribe/[token]">,
): Promise<Response> {
  return handleErrors(request, async () => {
    const token = mailedToken((await params).token);
    await inEvenTime(() => unsubscribe(token));
    return answerMessage("unsubscribed", 200, readerLocale(request));
  });
}

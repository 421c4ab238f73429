import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerMessage, readerLocale } from "@/app/(public)/_pages/message";
import { answerPage } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { UnsubscribePage } from "@/components/campaign/UnsubscribePage";
import { inEvenTime } from "@/lib/http/even-time";
import { mailedToken } from "@/lib/http/link";
import { unsubscribe } from "@/lib/signing";

/**
 * For people who follow the link in a mail: buttons, since opening a link changes nothing. Nothing is looked up, so that
 * whoever finds the link sees the same page whatever is held.
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

/** RFC 8058 one-click: no sign-in, no cookie, no redirect, and the same answer however often it comes. */
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

import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { answerLostLink } from "@/app/(public)/_pages/signature";
import { isLocale } from "@/lib/i18n/locales";

/** Serves the form for a lost link; with `?sent`, the answer that everyone gets. */
export function GET(request: Request, { params }: RouteContext<"/[locale]/signature">): Promise<Response> {
  return handleErrors(request, async () => {
    const { locale } = await params;
    if (!isLocale(locale)) return answerNotFound(request);
    return answerLostLink(locale, 200, { sent: new URL(request.url).searchParams.has("sent") });
  });
}

import { answerNotFound } from "@/app/(public)/_pages/message";
import { CAMPAIGN_SLUG } from "@/lib/campaigns";
import { REDIRECT_CACHE_CONTROL, redirect } from "@/lib/http/answers";
import { isLocale } from "@/lib/i18n/locales";

/** A language alone: on to the campaign in it. */
export async function GET(request: Request, { params }: RouteContext<"/[locale]">): Promise<Response> {
  const { locale } = await params;
  if (!isLocale(locale)) return answerNotFound(request);
  return redirect(`/${locale}/${CAMPAIGN_SLUG}`, {
    status: 307,
    headers: { "cache-control": REDIRECT_CACHE_CONTROL },
  });
}

import { answerNotFound } from "@/app/(public)/_pages/message";
import { CAMPAIGN_SLUG } from "@/lib/campaigns";
import { leadOn } from "@/lib/http/answers";
import { isLocale } from "@/lib/i18n/locales";

/** A language alone: on to the campaign in it. */
export async function GET(request: Request, { params }: RouteContext<"/[locale]">): Promise<Response> {
  const { locale } = await params;
  return isLocale(locale) ? leadOn(`/${locale}/${CAMPAIGN_SLUG}`) : answerNotFound(request);
}

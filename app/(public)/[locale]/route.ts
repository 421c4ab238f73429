import { answerNotFound } from "@/app/(public)/_pages/message";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { leadOn } from "@/lib/http/answers";
import { isLocale } from "@/lib/i18n/locales";

/** A language alone: on to the campaign in it. */
export async function GET(request: Request, { params }: RouteContext<"/[locale]">): Promise<Response> {
  const { locale } = await params;
  return isLocale(locale) ? leadOn(`/${locale}/${ONLY_CAMPAIGN}`) : answerNotFound(request);
}

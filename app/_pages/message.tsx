import { type MessageKind, MessagePage } from "@/components/campaign/MessagePage";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { type Locale, localeFromAcceptLanguage } from "@/lib/i18n/locales";
import { answerPage } from "./render";
import { site } from "./site";

/** The language a reader asked the browser for; for pages whose address names none. */
export function readerLocale(request: Request): Locale {
  return localeFromAcceptLanguage(request.headers.get("accept-language"));
}

/** A page that says what happened and what can be done about it. */
export function answerMessage(
  kind: MessageKind,
  status: number,
  locale: Locale,
  { slug = CAMPAIGN_SLUG, headers = {} }: { slug?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return answerPage(<MessagePage site={site()} locale={locale} kind={kind} slug={slug} />, status, headers);
}

/** 404 in the reader's language. */
export function answerNotFound(request: Request, locale: Locale = readerLocale(request)): Promise<Response> {
  return answerMessage("not-found", 404, locale);
}

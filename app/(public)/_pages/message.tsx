import { type MessageKind, MessagePage } from "@/components/campaign/MessagePage";
import { campaignNamed, onlyCampaign } from "@/lib/campaigns";
import { json, redirect } from "@/lib/http/answers";
import { wantsJson } from "@/lib/http/request";
import { LOCALES, type Locale, localeFromAcceptLanguage, respeltLocale } from "@/lib/i18n/locales";
import { answerPage } from "./render";
import { site } from "./site";

/** The language a reader asked the browser for; for pages whose address names none. */
export function readerLocale(request: Request): Locale {
  return localeFromAcceptLanguage(request.headers.get("accept-language"));
}

/**
 * Answers with a page that says what happened and what can be done about it.
 * @param slug the campaign that it leads to; without, it leads to the only one, or to the list.
 */
export function answerMessage(
  kind: MessageKind,
  status: number,
  locale: Locale,
  {
    slug = onlyCampaign() ?? undefined,
    headers = {},
  }: { slug?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Response> {
  return answerPage(<MessagePage site={site()} locale={locale} kind={kind} slug={slug} />, status, headers);
}

/** Returns the campaign that the address of a request names, if any. */
export function campaignAskedFor(request: Request): string | undefined {
  return new URL(request.url).pathname.split("/").find((part) => campaignNamed(part) !== null);
}

/** The page that says that the site is busy, in each language, for when there is no time to render one. */
export async function unavailablePages(): Promise<
  Map<Locale, { markup: string; headers: Record<string, string> }>
> {
  const pages = LOCALES.map(async (locale) => {
    const page = await answerMessage("unavailable", 503, locale);
    return [locale, { markup: await page.text(), headers: Object.fromEntries(page.headers) }] as const;
  });
  return new Map(await Promise.all(pages));
}

/**
 * 404: a page in the reader's language; data for whoever asks for it, and below `/api` for whoever asks for no page. An address
 * that would be another with its language spelt rightly is answered 308 to that (RFC 9110, 15.4.9).
 */
export async function answerNotFound(
  request: Request,
  locale: Locale = readerLocale(request),
): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const [, first = ""] = pathname.split("/", 2);
  const respelt = request.method === "GET" || request.method === "HEAD" ? respeltLocale(first) : null;
  if (respelt !== null)
    return redirect(`/${respelt}${pathname.slice(1 + first.length)}${search}`, { status: 308 });
  const wantsPage = request.headers.get("accept")?.includes("text/html") ?? false;
  if (wantsJson(request) || (pathname.startsWith("/api/") && !wantsPage))
    return json({ error: "not_found" }, 404);
  return answerMessage("not-found", 404, locale, { slug: campaignAskedFor(request) });
}

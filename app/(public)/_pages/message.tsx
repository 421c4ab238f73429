import { type MessageKind, MessagePage } from "@/components/campaign/MessagePage";
import { campaignNamed, onlyCampaign } from "@/lib/campaigns";
import { json, redirect } from "@/lib/http/answers";
import { wantsJson } from "@/lib/http/request";
import { LOCALES, type Locale, localeFromAcceptLanguage, respeltLocale } from "@/lib/i18n/locales";
import { answerPage } from "./render";
import { site } from "./site";

/** Returns the language the browser asks for. Used by pages without a language in their address. */
export function readerLocale(request: Request): Locale {
  return localeFromAcceptLanguage(request.headers.get("accept-language"));
}

/**
 * Answers with a page that says what happened and what to do next.
 * @param slug the campaign to link to; without it, the page links to the only campaign or to the list.
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

/** Returns the campaign named in the request's address, if any. */
export function campaignAskedFor(request: Request): string | undefined {
  return new URL(request.url).pathname.split("/").find((part) => campaignNamed(part) !== null);
}

/** Returns the "site is busy" page in each language, rendered in advance for times of overload. */
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
 * Answers 404: a page in the reader's language, or JSON if the client asks for it or requests anything below
 * `/api` without asking for a page. If only the spelling of the language is wrong, redirects to the right
 * address with 308 (RFC 9110, 15.4.9).
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

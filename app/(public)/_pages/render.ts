import type { ReactElement } from "react";
import { STYLES } from "@/components/document/styles";
import { contentSecurityPolicy, html } from "@/lib/http/answers";

/** Headers of every public page: it loads and frames nothing from elsewhere. */
export const PAGE_HEADERS = { "content-security-policy": contentSecurityPolicy(STYLES) };
/** Headers of the embedded form: the same, but other sites may frame it. */
export function embedHeaders(framedBy: string): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(STYLES, framedBy),
    "cross-origin-resource-policy": "cross-origin",
  };
}

/**
 * A page as plain HTML, with no script of the framework's: nothing is hydrated.
 * The renderer is imported on use because Next refuses the static import in routes.
 */
export async function render(page: ReactElement): Promise<string> {
  const { renderToStaticMarkup } = await import("react-dom/server");
  return `<!doctype html>${withoutOptionalMarkup(renderToStaticMarkup(page))}`;
}

/** Answers with a page that is made for this one request and kept by no cache. */
export async function answerPage(
  page: ReactElement,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return html(await render(page), status, { ...PAGE_HEADERS, ...headers });
}

/**
 * HTML closes these by itself, and a value of letters needs no quotes (HTML Living Standard, 13.1.2.4 and 13.1.2.3): 250
 * countries need not say so 250 times, and an element that is never closed needs no slash. Fields and metadata keep their quotes, for programs that read them by pattern.
 */
function withoutOptionalMarkup(markup: string): string {
  return markup
    .replace(/<\/(?:option|li|td|th|tr|thead|tbody|body|html)>|<\/head><body>/g, "")
    .replace(/><\/(?:path|rect|circle|line)>/g, "/>")
    .replace(/<((?:meta|link|input|img|br)\b[^>]*)\/>/g, "<$1>")
    .replace(/<\/p>(?=<(?:p|ul|ol|section|details|h[1-6]|\/section|\/div|\/aside|\/details)\b)/g, "")
    .replace(/<(?!meta|link|html|form|input|select|button)[a-z][^>]*>/g, (tag) =>
      tag.replace(/="([\w#-]+)"(?=[ >])/g, "=$1"),
    );
}

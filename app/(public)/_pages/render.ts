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

/** Renders a page as plain HTML with no script of the framework's: nothing is hydrated. */
export async function render(page: ReactElement): Promise<string> {
  // Imported on use, because Next refuses the static import in routes.
  const { renderToStaticMarkup } = await import("react-dom/server");
  return `<!doctype html>${renderToStaticMarkup(page)}`;
}

/** Answers with a page that is made for this one request and kept by no cache. */
export async function answerPage(
  page: ReactElement,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return html(await render(page), status, { ...PAGE_HEADERS, ...headers });
}

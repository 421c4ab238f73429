import type { ReactElement } from "react";
import { STYLES } from "@/components/document/styles";
import { contentSecurityPolicy, html } from "@/lib/http/answers";

/** Headers of every public page: it neither loads nor frames anything from elsewhere. */
export const PAGE_HEADERS = { "content-security-policy": contentSecurityPolicy(STYLES) };
/** Headers of the embedded form: as for pages, but other sites may frame it. */
export function embedHeaders(framedBy: string): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(STYLES, framedBy),
    "cross-origin-resource-policy": "cross-origin",
  };
}

/** Renders a page as plain HTML without framework scripts; nothing is hydrated. */
export async function render(page: ReactElement): Promise<string> {
  // Imported dynamically because Next rejects the static import in routes.
  const { renderToStaticMarkup } = await import("react-dom/server");
  return `<!doctype html>${renderToStaticMarkup(page)}`;
}

/** Answers with a page rendered for this request and never cached. */
export async function answerPage(
  page: ReactElement,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return html(await render(page), status, { ...PAGE_HEADERS, ...headers });
}

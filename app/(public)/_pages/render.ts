import type { ReactElement } from "react";
import { colourStyles } from "@/components/campaign/colours";
import { STYLES } from "@/components/document/styles";
import { campaignNamed } from "@/lib/campaigns";
import type { CampaignSettings } from "@/lib/document";
import { contentSecurityPolicy, html } from "@/lib/http/answers";

/** Headers of every public page: it neither loads nor frames anything from elsewhere. */
export const PAGE_HEADERS = { "content-security-policy": contentSecurityPolicy([STYLES]) };

/** Headers of a page that is shown in a campaign's own colours. */
export function campaignHeaders(slug: string): Record<string, string> {
  return { "content-security-policy": contentSecurityPolicy(stylesOf(slug)) };
}

/** Headers of the embedded form: as for pages, but other sites may frame it. */
export function embedHeaders(slug: string, framedBy: string): Record<string, string> {
  return {
    "content-security-policy": contentSecurityPolicy(stylesOf(slug), framedBy),
    "cross-origin-resource-policy": "cross-origin",
  };
}

/** Headers of a page that the desk shows in a frame: as for the public page, but its form sends nothing. */
export function previewHeaders(colours: CampaignSettings["colours"]): Record<string, string> {
  const policy = contentSecurityPolicy(sheets(colours), "'self'");
  return { "content-security-policy": policy.replace("form-action 'self'", "form-action 'none'") };
}

function stylesOf(slug: string): string[] {
  return sheets(campaignNamed(slug)?.settings.colours);
}

function sheets(own: CampaignSettings["colours"] | undefined): string[] {
  const colours = colourStyles(own);
  return colours === null ? [STYLES] : [STYLES, colours];
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

/** Carries the requested path and query to desk pages. Set by proxy.ts; stripped from incoming requests. */
export const DESK_PATH_HEADER = "x-desk-path";

/**
 * Returns the content security policy of one desk page: only scripts with its nonce, and what those load.
 * @param styleHash SHA-256 of the style sheet, in base64. A page that fetches a part of itself again
 *   (`components/browser/fetch-part.ts`) parses a whole page, whose sheet has another nonce.
 * @param development allows what the framework's live reload needs.
 */
export function deskPolicy(nonce: string, styleHash: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}' 'sha256-${styleHash}'`}`,
    // The component kit positions menus and dialogs with style attributes.
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    // Previews of a campaign's pages.
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Returns the nonce of the page being rendered, as set by proxy.ts. */
export function nonceIn(headers: Headers): string | undefined {
  return /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];
}

/** Carries the requested path and query to desk pages. Set by proxy.ts; stripped from incoming requests. */
export const DESK_PATH_HEADER = "x-desk-path";

/**
 * Returns the content security policy of one desk page: only scripts with its nonce, and what those load.
 * @param development allows what the framework's live reload needs.
 */
export function deskPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
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

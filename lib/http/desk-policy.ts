/** Where a page of the desk finds the address it was asked for by, with its query. Set by proxy.ts, stripped from outside. */
export const DESK_PATH_HEADER = "x-desk-path";

/**
 * The content security policy of one page of the desk: only scripts that carry its nonce, and what those load.
 * @param development allows what the framework's live reload needs.
 */
export function deskPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    // The component kit positions menus and dialogs by style attributes.
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** The nonce of the page that a request is answered with, as proxy.ts noted it. */
export function nonceIn(headers: Headers): string | undefined {
  return /'nonce-([^']+)'/.exec(headers.get("content-security-policy") ?? "")?.[1];
}

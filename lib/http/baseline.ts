import type { ServerResponse } from "node:http";

/**
 * How long browsers must use TLS only, in seconds: two years (OWASP ASVS 5.0, 3.4.1 asks for at least one).
 */
const STRICT_TRANSPORT_SECONDS = 63_072_000;

/**
 * The policy for every response that is not one of our pages:
 * data, feeds, files, scripts, redirects, framework errors.
 * Opened directly, such a response loads nothing and cannot be framed. Images in other pages and browsers'
 * PDF viewers still work.
 */
export const EMPTY_PAGE_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/**
 * Set on every response that does not set them itself.
 * The referrer policy is same-origin: under no-referrer, browsers send `Origin: null` with our own forms,
 * which would make them indistinguishable from another site's.
 */
const HEADERS: ReadonlyMap<string, string> = new Map([
  ["Content-Security-Policy", EMPTY_PAGE_POLICY],
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "same-origin"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  [
    "Permissions-Policy",
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()",
  ],
]);

/**
 * Headers for pages that follow a form in a sandboxed frame.
 * Browsers refuse to show a page with a stricter opener policy in a tab that such a frame opened (HTML,
 * "cross-origin opener policies").
 */
export const SHOWN_TO_SANDBOXES = { "cross-origin-opener-policy": "unsafe-none" };

/**
 * Adds the default security headers, unless the route has set them.
 * @param secure whether the site uses https.
 */
export function addBaseline(response: ServerResponse, secure: boolean): void {
  for (const [name, value] of HEADERS) if (!response.hasHeader(name)) response.setHeader(name, value);
  if (secure)
    response.setHeader(
      "Strict-Transport-Security",
      `max-age=${STRICT_TRANSPORT_SECONDS}; includeSubDomains; preload`,
    );
}

import type { ServerResponse } from "node:http";

/** How long a browser is to use nothing but TLS, in seconds: two years (OWASP ASVS 5.0, 3.4.1 asks for one or more). */
const STRICT_TRANSPORT_SECONDS = 63_072_000;

/**
 * For every answer that is no page of ours: data, feeds, files, scripts, redirects, the framework's own errors. Shown by
 * itself, it loads nothing and no page may frame it; pictures in other pages, and a browser's viewer of PDF, are not held up.
 */
export const EMPTY_PAGE_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

/**
 * Set on every answer that does not set them itself. The referrer policy is same-origin: under no-referrer, browsers send
 * `Origin: null` with our own forms, which could not be told from a foreign page's any more.
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
 * Headers of the pages that follow a form in a sandboxed frame. A browser refuses to show a page with a stricter opener policy
 * in a tab that such a frame opened (HTML, "cross-origin opener policies").
 */
export const SHOWN_TO_SANDBOXES = { "cross-origin-opener-policy": "unsafe-none" };

/** Adds what every answer must say to the browser, unless its route said it. @param secure whether the site is on https. */
export function addBaseline(response: ServerResponse, secure: boolean): void {
  for (const [name, value] of HEADERS) if (!response.hasHeader(name)) response.setHeader(name, value);
  if (secure)
    response.setHeader(
      "Strict-Transport-Security",
      `max-age=${STRICT_TRANSPORT_SECONDS}; includeSubDomains; preload`,
    );
}

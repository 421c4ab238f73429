import type { ServerResponse } from "node:http";

/** How long a browser is to use nothing but TLS, in seconds: two years (OWASP ASVS 5.0, 3.4.1 asks for one or more). */
const STRICT_TRANSPORT_SECONDS = 63_072_000;

/**
 * Set on every answer that does not set them itself. The referrer policy is same-origin: under no-referrer, browsers send
 * `Origin: null` with our own forms, which could not be told from a foreign page's any more.
 */
const HEADERS: ReadonlyMap<string, string> = new Map([
  ["X-Content-Type-Options", "nosniff"],
  ["Referrer-Policy", "same-origin"],
  ["Cross-Origin-Opener-Policy", "same-origin"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  [
    "Permissions-Policy",
    "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), interest-cohort=()",
  ],
]);
/** For answers that are no pages of ours: data, short texts, redirects, the framework's own errors. */
const EMPTY_PAGE_POLICY =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";
/** Not for files: browsers show some of them, as PDF, with a viewer that such a policy would stop. */
const UNDER_EMPTY_PAGE_POLICY = /^(?:$|text\/(?:html|plain)\b|application\/json\b)/;

/** Adds what every answer must say to the browser, unless its route said it. @param secure whether the site is on https. */
export function addBaseline(response: ServerResponse, secure: boolean): void {
  for (const [name, value] of HEADERS) if (!response.hasHeader(name)) response.setHeader(name, value);
  const type = String(response.getHeader("Content-Type") ?? "");
  if (UNDER_EMPTY_PAGE_POLICY.test(type) && !response.hasHeader("Content-Security-Policy"))
    response.setHeader("Content-Security-Policy", EMPTY_PAGE_POLICY);
  if (secure)
    response.setHeader(
      "Strict-Transport-Security",
      `max-age=${STRICT_TRANSPORT_SECONDS}; includeSubDomains; preload`,
    );
}

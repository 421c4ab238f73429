import { createHash } from "node:crypto";

const NO_STORE = "no-store";
/** Lets shared caches keep a redirect for a minute. For addresses that many readers open. */
export const REDIRECT_CACHE_CONTROL = "public, max-age=0, s-maxage=60";

/** Answers with JSON. Nothing caches it unless `headers` say so. */
export function json(data: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(data, { status, headers: { "cache-control": NO_STORE, ...headers } });
}

/**
 * Redirects to another address. After a form, 303 makes the
 * browser use GET, so that a reload does not post again.
 * Nothing caches it unless `headers` say so: the address may contain a token.
 */
export function redirect(
  location: string,
  { status = 303, headers = {} }: { status?: 302 | 303 | 307 | 308; headers?: Record<string, string> } = {},
): Response {
  return new Response(null, { status, headers: { location, "cache-control": NO_STORE, ...headers } });
}

/**
 * Returns the ETag of a body (RFC 9110, 8.8.3). Weak, because it stays the same when the body is compressed.
 */
export function etagOf(body: string | Uint8Array): string {
  return `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
}

/**
 * Answers with a body and its ETag, or with 304 and no body if the client already has it (RFC 9110, 13.1.2).
 */
export function answerTagged(
  request: Request,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string>,
  etag = etagOf(body),
): Response {
  const isKnown = tagsIn(request.headers.get("if-none-match") ?? "").includes(opaqueTag(etag));
  return new Response(isKnown ? null : body, { status: isKnown ? 304 : 200, headers: { ...headers, etag } });
}

/** Strips the weakness mark, which comparison ignores (RFC 9110, 8.8.3.2). */
function opaqueTag(etag: string): string {
  return etag.replace(/^W\//, "");
}

function tagsIn(list: string): string[] {
  return list.split(",").map((etag) => opaqueTag(etag.trim()));
}

/** Answers with a page. Nothing caches it unless `headers` say so. */
export function html(markup: string, status: number, headers: Record<string, string>): Response {
  return new Response(markup, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": NO_STORE, ...headers },
  });
}

/**
 * Returns the policy for a page with inline style sheets, allowed by their hashes, and, at most, scripts from our own origin.
 * Blocks inline scripts, and loading from, framing or posting to other origins.
 * @param framedBy who may frame the page: nobody, or for the
 *   embedded form any site or some (CSP Level 3, frame-ancestors).
 */
export function contentSecurityPolicy(styles: readonly string[], framedBy = "'none'"): string {
  const hashes = styles.map((sheet) => `'sha256-${createHash("sha256").update(sheet).digest("base64")}'`);
  return [
    "default-src 'none'",
    `style-src ${hashes.join(" ")}`,
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    `frame-ancestors ${framedBy}`,
  ].join("; ");
}

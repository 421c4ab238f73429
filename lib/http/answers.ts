import { createHash } from "node:crypto";

const NO_STORE = "no-store";

/** Data, never cached unless told how. */
export function json(data: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(data, { status, headers: { "cache-control": NO_STORE, ...headers } });
}

/** A text with its tag: 304 to whoever has it already (RFC 9110, 13.1.2). */
export function answerTagged(request: Request, body: string, headers: Record<string, string>): Response {
  const etag = `W/"${createHash("sha256").update(body).digest("base64url").slice(0, 22)}"`;
  const tagged = { ...headers, etag };
  if (request.headers.get("if-none-match")?.includes(etag))
    return new Response(null, { status: 304, headers: tagged });
  return new Response(body, { headers: tagged });
}

/** "Done; now GET this": 303, so that a reload posts nothing again. */
export function seeOther(path: string, headers: Record<string, string> = {}): Response {
  return new Response(null, {
    status: 303,
    headers: { location: path, "cache-control": NO_STORE, ...headers },
  });
}

/** "For now, at that address": 307, which shared caches keep for a minute. */
export function leadOn(path: string, headers: Record<string, string> = {}): Response {
  return new Response(null, {
    status: 307,
    headers: { location: path, "cache-control": "public, max-age=0, s-maxage=60", ...headers },
  });
}

/** "For good, at that address": 308. Kept by no cache, since an address may hold a token. */
export function movedTo(path: string): Response {
  return new Response(null, { status: 308, headers: { location: path, "cache-control": NO_STORE } });
}

/** A page, never cached unless told how. */
export function html(markup: string, status: number, headers: Record<string, string>): Response {
  return new Response(markup, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": NO_STORE, ...headers },
  });
}

/**
 * The policy of a page with one inline style sheet and at most scripts of our own: nothing is loaded, framed or posted
 * elsewhere, and no script stands in the page.
 * @param framedBy who may frame the page: nobody, or for the embedded form any site or some (CSP Level 3, frame-ancestors).
 */
export function contentSecurityPolicy(styles: string, framedBy = "'none'"): string {
  const hash = createHash("sha256").update(styles).digest("base64");
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    `frame-ancestors ${framedBy}`,
  ].join("; ");
}

import { noteSecurityEvent } from "@/lib/observability";
import { settings } from "@/lib/settings";

/** Where the web server notes the client's address. It removes the header from what came in, so it cannot be forged. */
export const CLIENT_ADDRESS_HEADER = "x-client-address";

/**
 * Marks a request that was made on this machine and came through no proxy. The web server sets it, and strips it from
 * incoming requests, so clients cannot forge it.
 */
export const THIS_MACHINE_HEADER = "x-this-machine";

/** Why a form was not read. Each is an answer of its own. */
export type FormRefusal = "forbidden-origin" | "wrong-type" | "too-large" | "malformed";

export type ReceivedForm =
  | { ok: true; fields: Record<string, unknown> }
  | { ok: false; refusal: FormRefusal };

const URL_ENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";
const JSON_TYPE = "application/json";

/** The client's address as the web server saw it; an empty text when it saw none. */
export function clientAddress(request: Request): string {
  return request.headers.get(CLIENT_ADDRESS_HEADER) ?? "";
}

/** Whether the request was made on this machine, for a local name and through no proxy. */
export function isFromThisMachine(request: Request): boolean {
  return request.headers.has(THIS_MACHINE_HEADER);
}

/** Whether to answer with data: asked for by Accept, or, where Accept leaves it open, implied by a JSON body. */
export function wantsJson(request: Request): boolean {
  if (wantsPage(request)) return false;
  const accept = request.headers.get("accept") ?? "";
  return accept.includes(JSON_TYPE) || contentType(request) === JSON_TYPE;
}

/** Whether a browser wants to show the answer: for addresses of data that people open too. */
export function wantsPage(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/html");
}

/** Says whether a page of another origin may post a form all the same. */
export type OriginRule = (origin: string) => Promise<boolean>;

/**
 * Reads a posted form of at most `limitBytes`: URL-encoded, multipart or JSON. A field given twice counts as given last.
 * Refuses posts that a browser made on another site's behalf (OWASP ASVS 5.0, 3.5.1).
 */
export async function readForm(
  request: Request,
  limitBytes: number,
  mayPost: OriginRule = async () => false,
): Promise<ReceivedForm> {
  if (isForeign(request) && !(await mayPost(request.headers.get("origin") ?? ""))) {
    noteSecurityEvent("foreign-post");
    return { ok: false, refusal: "forbidden-origin" };
  }
  const type = contentType(request);
  if (type !== URL_ENCODED && type !== MULTIPART && type !== JSON_TYPE)
    return { ok: false, refusal: "wrong-type" };
  const body = await readBody(request, limitBytes);
  if (!body) return { ok: false, refusal: "too-large" };
  try {
    return { ok: true, fields: await parse(type, body, request) };
  } catch {
    return { ok: false, refusal: "malformed" };
  }
}

/**
 * Whether a browser says that the request was made by a page of another origin (RFC 6454: scheme, host and port). The site
 * may be reached by other names than its own, but only by its own scheme. Clients that say nothing may pass.
 */
export function isForeign(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site === "cross-site") return true;
  const origin = request.headers.get("origin");
  if (origin === null) return site === "same-site";
  const ours = new URL(settings().siteUrl);
  return origin !== ours.origin && origin !== `${ours.protocol}//${request.headers.get("host")}`;
}

/** Whether a request says nothing of the page it was made by: no browser of today, which names it with every post. */
export function isUnnamed(request: Request): boolean {
  return !request.headers.has("origin") && !request.headers.has("sec-fetch-site");
}

function contentType(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Reads a body of at most `limitBytes` as it came; null when it is longer. */
export async function readBody(request: Request, limitBytes: number): Promise<Buffer<ArrayBuffer> | null> {
  if (Number(request.headers.get("content-length") ?? 0) > limitBytes) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > limitBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function parse(
  type: string,
  body: Buffer<ArrayBuffer>,
  request: Request,
): Promise<Record<string, unknown>> {
  switch (type) {
    case URL_ENCODED:
      return Object.fromEntries(new URLSearchParams(body.toString("utf8")));
    case MULTIPART: {
      const headers = { "content-type": request.headers.get("content-type") ?? "" };
      return Object.fromEntries(await new Response(body, { headers }).formData());
    }
    default: {
      const data: unknown = JSON.parse(body.toString("utf8"));
      if (typeof data !== "object" || data === null || Array.isArray(data)) throw new Error("not an object");
      return data as Record<string, unknown>;
    }
  }
}

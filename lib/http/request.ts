import { noteSecurityEvent } from "@/lib/observability";
import { settings } from "@/lib/settings";

/**
 * Carries the client's address.
 * The web server sets it, and strips it from incoming requests, so clients cannot forge it.
 */
export const CLIENT_ADDRESS_HEADER = "x-client-address";

/**
 * Marks a request made on this machine and through no proxy.
 * The web server sets it, and strips it from incoming requests, so clients cannot forge it.
 */
export const THIS_MACHINE_HEADER = "x-this-machine";

/** Why a form was rejected. Each gets its own response. */
export type FormRefusal = "forbidden-origin" | "wrong-type" | "too-large" | "malformed";

export type ReceivedForm =
  | { ok: true; fields: Record<string, unknown> }
  | { ok: false; refusal: FormRefusal };

const URL_ENCODED = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data";
const JSON_TYPE = "application/json";

/** Returns the client's address as the web server saw it; an empty string if it saw none. */
export function clientAddress(request: Request): string {
  return request.headers.get(CLIENT_ADDRESS_HEADER) ?? "";
}

/** Returns whether the request was made on this machine, for a local name and through no proxy. */
export function isFromThisMachine(request: Request): boolean {
  return request.headers.has(THIS_MACHINE_HEADER);
}

/**
 * Returns whether to answer with JSON: Accept asks for it, or
 * the body is JSON and Accept does not ask for a page.
 */
export function wantsJson(request: Request): boolean {
  if (wantsPage(request)) return false;
  const accept = request.headers.get("accept") ?? "";
  return accept.includes(JSON_TYPE) || contentType(request) === JSON_TYPE;
}

/** Returns whether a browser wants to display the answer. For data URLs that people also open. */
export function wantsPage(request: Request): boolean {
  return (request.headers.get("accept") ?? "").includes("text/html");
}

/** Decides whether a page of another origin may post a form anyway. */
export type OriginRule = (origin: string) => Promise<boolean>;

/**
 * Reads a posted form of at most `limitBytes`: URL-encoded,
 * multipart or JSON. If a field is repeated, the last one counts.
 * Refuses cross-site posts from browsers (OWASP ASVS 5.0, 3.5.1).
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
 * Returns whether the browser says that a page of another
 * origin made the request (RFC 6454: scheme, host and port).
 * The site may be reached under other names than its own, but only by its own scheme. Clients that send
 * neither header may pass.
 */
export function isForeign(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site === "cross-site") return true;
  const origin = request.headers.get("origin");
  if (origin === null) return site === "same-site";
  const ours = new URL(settings().siteUrl);
  return origin !== ours.origin && origin !== `${ours.protocol}//${request.headers.get("host")}`;
}

/** Returns whether a request does not say which page made it. Current browsers say so with every post. */
export function isUnnamed(request: Request): boolean {
  return !request.headers.has("origin") && !request.headers.has("sec-fetch-site");
}

function contentType(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Reads a raw body of at most `limitBytes`; null if it is longer. */
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

import type { IncomingMessage, ServerResponse } from "node:http";
import { DRAFT_LIMIT_BYTES, keepDraft, sessionOf } from "@/lib/accounts";
import { log } from "@/lib/log";
import { noteSecurityEvent } from "@/lib/observability";

/** Addresses below /admin that are route handlers. They read posts themselves, and check who sent them. */
const ROUTE_HANDLERS = /^\/admin\/(?:sign-in|sign-out|code|enrol\/[^/]+|receipts\/[^/]+)$/;
/** Headers of the framework's own browser code. */
const FRAMEWORK_HEADERS = /^(?:rsc|next-action|next-router-.*|next-url|next-hmr-refresh)$/;
/** Paths of the framework's data: pages as RSC, whole or by segment. */
const FRAMEWORK_PATH = /\.(?:rsc|segments?)(?:\/|$)/;
const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** How often an escape is undone: an address may be escaped twice, and nobody escapes more often by accident. */
const DECODINGS_MAX = 3;

/** A path as plainly as it can be written: unescaped, in lower case, without empty segments. */
function plainPath(url: string): string {
  let [path = ""] = url.split("?", 1);
  for (let turn = 0; turn < DECODINGS_MAX; turn += 1) {
    try {
      path = decodeURIComponent(path);
    } catch {
      break;
    }
  }
  return path.toLowerCase().replace(/[/\\]+/g, "/");
}

/** Whether an address may be a page of the framework's. Any spelling of one counts. */
function isDeskPage(url: string): boolean {
  const path = plainPath(url).replace(/\/$/, "");
  return /^\/(?:_next\/data\/[^/]+\/)?admin(?:[/.]|$)/.test(path) && !ROUTE_HANDLERS.test(path);
}

/**
 * Whether a request speaks the framework's protocol to one of its pages: runs a Server Action, or asks for a page as data. The
 * header alone does not tell: the framework takes any multipart post to a page for an action.
 */
function speaksFramework({ method = "GET", url = "/", headers }: IncomingMessage): boolean {
  if (Object.keys(headers).some((name) => FRAMEWORK_HEADERS.test(name))) return true;
  if (!isDeskPage(url)) return false;
  const [path = "", query = ""] = url.split("?", 2);
  return !READING.has(method) || FRAMEWORK_PATH.test(path) || new URLSearchParams(query).has("_rsc");
}

/** Whether whoever makes a request holds a session that is still open. */
async function hasLiveSession({ headers }: IncomingMessage): Promise<boolean> {
  const request = new Request("http://localhost/", { headers: { cookie: headers.cookie ?? "" } });
  return (await sessionOf(request)) !== null;
}

/**
 * Lets the framework's protocol through to the desk's pages for people who are signed in, and to nobody else: what decodes it
 * has had holes that needed no session. Elsewhere its headers are removed.
 * @returns whether it answered the request.
 */
export async function guardFramework(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (!speaksFramework(request)) return false;
  const { url = "/", method = "GET" } = request;
  if (!isDeskPage(url)) {
    noteSecurityEvent("framework-header");
    for (const name of Object.keys(request.headers))
      if (FRAMEWORK_HEADERS.test(name)) delete request.headers[name];
    return false;
  }
  if (await hasLiveSession(request)) return false;
  const signIn = `/admin/sign-in?callbackUrl=${encodeURIComponent(url)}`;
  if (READING.has(method)) response.writeHead(401, { "cache-control": "no-store" }).end();
  else {
    await keepTyped(request, url).catch((error: unknown) => log.error("a draft was not kept", error));
    // The framework's browser code goes by a header of its own, a browser without it by the usual one.
    const way: Record<string, string> =
      request.headers["next-action"] === undefined
        ? { location: signIn }
        : { "x-action-redirect": `${signIn};push` };
    response.writeHead(303, { ...way, "cache-control": "no-store" }).end();
  }
  return true;
}

/** Keeps the form of a request for when its sender has signed in again. What is larger than a draft may be is not read. */
async function keepTyped(request: IncomingMessage, path: string): Promise<void> {
  const { headers } = request;
  if (!(Number(headers["content-length"]) <= DRAFT_LIMIT_BYTES)) return;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const type = headers["content-type"] ?? "";
  const body = new Response(Buffer.concat(chunks), { headers: { "content-type": type } });
  const fields = await body.formData().catch(() => null);
  if (fields !== null) await keepDraft(headers.cookie ?? "", path, fields);
}

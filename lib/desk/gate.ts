import type { IncomingMessage, ServerResponse } from "node:http";
import { DRAFT_LIMIT_BYTES, keepDraft, sessionOf, wouldKeepDraft } from "@/lib/accounts";
import { isForeign, isUnnamed } from "@/lib/http/request";
import { log } from "@/lib/log";
import { noteSecurityEvent } from "@/lib/observability";

/** The desk's route handlers, which read posts themselves and check who sent them. proxy.ts leaves out the same. */
const ROUTE_HANDLERS = /^\/admin\/(?:sign-in|sign-out|enrol\/[^/.]+|[^/]+\/preview\/[^/.]+)$/;
const PREVIEW = /^\/admin\/[^/]+\/preview\/[^/.]+$/;
/** Headers that the framework's browser code sends. */
const FRAMEWORK_HEADERS = /^(?:rsc|next-action|next-router-.*|next-url|next-hmr-refresh)$/;
/** Paths of the framework's data: pages as RSC, whole or by segment. */
const FRAMEWORK_PATH = /\.(?:rsc|segments?)(?:\/|$)/;
const READING = new Set(["GET", "HEAD", "OPTIONS"]);
/** Largest form that the framework reads, in bytes; next.config.js says the same. */
const FORM_LIMIT_BYTES = 1024 * 1024;
/** The page that takes larger forms, for the file of a picture, and the largest that it takes. */
const PICTURES_PAGE = /^\/admin\/[^/]+\/pictures$/;
export const PICTURE_FORM_LIMIT_BYTES = 10 * 1024 * 1024;

/** How often a path is unescaped: it may be escaped twice, and nobody escapes more often by accident. */
const DECODINGS_MAX = 3;

/** Returns a path in its plainest form: unescaped, in lower case, without empty segments. */
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

/**
 * Whether a URL may be one of the desk's pages, in any spelling. A route handler has only one: the framework
 * renders `/admin/SIGN-IN` as a page.
 */
export function isDeskPage(url: string): boolean {
  const [path = ""] = url.split("?", 1);
  return /^\/(?:_next\/data\/[^/]+\/)?admin(?:[/.]|$)/.test(plainPath(url)) && !ROUTE_HANDLERS.test(path);
}

/**
 * Whether a request uses the framework's protocol for a page: runs a Server Action, or asks for the page as
 * data. The header alone does not tell: the framework takes any multipart post to a page for an action.
 */
function speaksFramework({ method = "GET", url = "/", headers }: IncomingMessage): boolean {
  if (Object.keys(headers).some((name) => FRAMEWORK_HEADERS.test(name))) return true;
  if (!isDeskPage(url)) return false;
  const [path = "", query = ""] = url.split("?", 2);
  return !READING.has(method) || FRAMEWORK_PATH.test(path) || new URLSearchParams(query).has("_rsc");
}

async function hasLiveSession({ headers }: IncomingMessage): Promise<boolean> {
  const request = new Request("http://localhost/", { headers: { cookie: headers.cookie ?? "" } });
  return (await sessionOf(request)) !== null;
}

/** Whether the browser says that a page of ours sends the request. */
function isOurs({ headers }: IncomingMessage): boolean {
  const telling = ["origin", "sec-fetch-site", "host"].flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === "string" ? [[name, value]] : [];
  });
  const request = new Request("http://localhost/", { headers: telling });
  return !isForeign(request) && !isUnnamed(request);
}

/**
 * Lets the framework's protocol through to the desk's pages for signed-in people only: its decoder has had
 * holes that needed no session. Elsewhere its headers are removed.
 * @returns whether it answered the request.
 */
export async function guardFramework(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  if (!speaksFramework(request)) return false;
  const { url = "/", method = "GET" } = request;
  if (!isDeskPage(url)) {
    // A form that leads to a preview has the framework ask for it first.
    if (!PREVIEW.test(plainPath(url))) noteSecurityEvent("framework-header");
    for (const name of Object.keys(request.headers))
      if (FRAMEWORK_HEADERS.test(name)) delete request.headers[name];
    return false;
  }
  if (await hasLiveSession(request)) return refuseLargeForm(request, response);
  const signIn = `/admin/sign-in?callbackUrl=${encodeURIComponent(url)}`;
  if (READING.has(method)) response.writeHead(401, { "cache-control": "no-store" }).end();
  else {
    await keepTyped(request, url).catch((error: unknown) => log.error("a draft was not kept", error));
    // The framework's browser code follows its own header; a browser without that code follows the usual one.
    const way: Record<string, string> =
      request.headers["next-action"] === undefined
        ? { location: signIn }
        : { "x-action-redirect": `${signIn};push` };
    response.writeHead(303, { ...way, "cache-control": "no-store" }).end();
  }
  return true;
}

/**
 * Refuses a form that is larger than its page takes, or does not say how large it is: browsers do, and the framework
 * has one limit for all pages.
 * @returns whether it answered the request.
 */
function refuseLargeForm(
  { method = "GET", url = "/", headers }: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (READING.has(method)) return false;
  const length = headers["content-length"];
  const limit = PICTURES_PAGE.test(plainPath(url)) ? PICTURE_FORM_LIMIT_BYTES : FORM_LIMIT_BYTES;
  if (length !== undefined && Number(length) <= limit) return false;
  const [status, text] =
    length === undefined
      ? [411, "The form does not say how large it is. Go back and send it again."]
      : [413, "The file is too large. Go back and choose a smaller one."];
  response
    .writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" })
    .end(`${text}\n`);
  return true;
}

/**
 * Stores a request's form until its sender has signed in again. Does not read bodies
 * larger than a draft may be, nor what another site's page sends: it would be shown as typed by the account's owner.
 */
async function keepTyped(request: IncomingMessage, path: string): Promise<void> {
  if (!isOurs(request)) return noteSecurityEvent("foreign-post");
  const { headers } = request;
  if (!(Number(headers["content-length"]) <= DRAFT_LIMIT_BYTES)) return;
  if (!(await wouldKeepDraft(headers.cookie ?? ""))) return;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const type = headers["content-type"] ?? "";
  const body = new Response(Buffer.concat(chunks), { headers: { "content-type": type } });
  const fields = await body.formData().catch(() => null);
  if (fields !== null) await keepDraft(headers.cookie ?? "", path, fields);
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, gzip, constants as zlibConstants } from "node:zlib";

/** A route that the web server answers itself, bypassing the framework (docs/decisions/0006). */
export type DirectRoute = {
  method: "GET" | "POST";
  /** Matched against the whole path; named groups become the route's parameters. */
  path: RegExp;
  /** The route handler, as the framework would call it. It may use only the request and its parameters. */
  answer(request: Request, parameters: Record<string, string>): Promise<Response> | Response;
};

/** Larger announced bodies are streamed, so that the route can refuse them early. */
const BUFFERED_BODY_BYTES = 64 * 1024;
/** Smaller texts fit into one packet anyway. */
const COMPRESSED_FROM_BYTES = 1024;
/** Number of compressed responses cached by ETag: the public pages in every language, several times over. */
const COMPRESSED_KEPT = 64;
/** Brotli's middle setting: most of the gain in a few milliseconds. */
const BROTLI_QUALITY = 6;
const UNAVAILABLE_STATUS = 503;
/** A fixed origin: no host that a client sends reaches a route. */
const INTERNAL_ORIGIN = "http://localhost";

export type Encoding = "br" | "gzip";
type Matched = { route: DirectRoute; parameters: Record<string, string> };

/**
 * Compresses a body, by encoding.
 * @param inHaste takes a fifth of the time, for responses sent because time is short.
 */
export const compressors: Record<Encoding, (body: Buffer, inHaste?: boolean) => Promise<Buffer>> = {
  br: (body, inHaste = false) =>
    promisify(brotliCompress)(body, {
      params: { [zlibConstants.BROTLI_PARAM_QUALITY]: inHaste ? 1 : BROTLI_QUALITY },
    }),
  gzip: (body, inHaste = false) => promisify(gzip)(body, inHaste ? { level: 1 } : {}),
};
const compressed = new Map<string, Promise<Buffer>>();

/** Finds the route for a request; null if the framework should answer it. */
export function directRouteFor(routes: readonly DirectRoute[], request: IncomingMessage): Matched | null {
  const [path = ""] = (request.url ?? "").split("?", 1);
  for (const route of routes) {
    if (route.method !== request.method) continue;
    const match = route.path.exec(path);
    if (match) return { route, parameters: { ...match.groups } };
  }
  return null;
}

/** Answers with one of our routes, compressed as the client accepts. */
export async function answerDirectly(
  { route, parameters }: Matched,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const answer = await route.answer(await toRequest(request), parameters);
  response.statusCode = answer.status;
  for (const [name, value] of answer.headers) if (name !== "set-cookie") response.setHeader(name, value);
  const cookies = answer.headers.getSetCookie();
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  if (answer.body === null) {
    response.end();
    return;
  }
  const body = await encodedBody(answer, preferredEncoding(request.headers["accept-encoding"] ?? ""));
  if (body.encoding !== null) response.setHeader("content-encoding", body.encoding);
  response.setHeader("content-length", body.bytes.length);
  response.end(body.bytes);
}

/** Picks the best encoding that the client accepts (RFC 9110, 12.5.3); null means no compression. */
export function preferredEncoding(acceptEncoding: string): Encoding | null {
  const accepted = new Set<string>();
  for (const part of acceptEncoding.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    if (!parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))) accepted.add(name);
  }
  if (accepted.has("br")) return "br";
  return accepted.has("gzip") ? "gzip" : null;
}

async function encodedBody(
  answer: Response,
  encoding: Encoding | null,
): Promise<{ bytes: Buffer; encoding: Encoding | null }> {
  const isText = /^(?:text\/|application\/(?:json|xml|atom\+xml)|image\/svg)/.test(
    answer.headers.get("content-type") ?? "",
  );
  if (encoding === null || !isText || answer.headers.has("content-encoding"))
    return { bytes: Buffer.from(await answer.arrayBuffer()), encoding: null };

  const etag = answer.headers.get("etag");
  // The same ETag means the same bytes, so the body need not be read.
  const known = etag === null ? undefined : compressed.get(`${encoding} ${etag}`);
  if (known) {
    await answer.body?.cancel();
    return { bytes: await known, encoding };
  }
  const plain = Buffer.from(await answer.arrayBuffer());
  if (plain.length < COMPRESSED_FROM_BYTES) return { bytes: plain, encoding: null };
  const inHaste = answer.status === UNAVAILABLE_STATUS;
  if (etag === null) return { bytes: await compressors[encoding](plain, inHaste), encoding };
  const compressing = compressors[encoding](plain);
  compressed.set(`${encoding} ${etag}`, compressing);
  for (const oldest of compressed.keys()) {
    if (compressed.size <= COMPRESSED_KEPT) break;
    compressed.delete(oldest);
  }
  return { bytes: await compressing, encoding };
}

async function toRequest(request: IncomingMessage): Promise<Request> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  const url = `${INTERNAL_ORIGIN}${request.url ?? "/"}`;
  if (request.method !== "POST") return new Request(url, { headers });
  const announced = Number(request.headers["content-length"] ?? Number.POSITIVE_INFINITY);
  if (announced > BUFFERED_BODY_BYTES) {
    const body = Readable.toWeb(request) as ReadableStream<Uint8Array>;
    // The DOM types lack the option that streamed bodies need.
    const init: RequestInit & { duplex: "half" } = { method: "POST", headers, body, duplex: "half" };
    return new Request(url, init);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return new Request(url, { method: "POST", headers, body: Buffer.concat(chunks) });
}

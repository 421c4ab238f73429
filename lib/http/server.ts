import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP, Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { beginRequest, log } from "@/lib/log";
import { measureRequest, noteSecurityEvent, routeClass } from "@/lib/observability";
import { listenAddresses, settings } from "@/lib/settings";
import { addBaseline } from "./baseline";
import { DESK_PATH_HEADER } from "./desk-policy";
import { answerDirectly, type DirectRoute, directRouteFor } from "./direct";
import { openEntrances } from "./entrances";
import { CLIENT_ADDRESS_HEADER, THIS_MACHINE_HEADER } from "./request";
import { beginAnswer } from "./response-status";
import { isMadeHere } from "./this-machine";
import { closeIfUnread } from "./unread-body";

/** How long a client may take over its request line and headers. */
const HEADERS_LIMIT_MS = 15_000;
/** How long a client may take over a whole request; the largest body is 16 KiB. */
const REQUEST_LIMIT_MS = 30_000;
/** Longer than the 60 s that usual proxies keep an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 65_000;
/**
 * How long idle connections stay open once we take no new ones. A proxy may be sending a form on one at the very moment we
 * would close it, and nobody repeats a form; within this time it has noticed that nothing listens here any more.
 */
const LINGER_MS = 1_000;
/** How often connections that have fallen idle since are closed. */
const SWEEP_MS = 100;
/** How long work that outlives its answer may take when we stop. */
const AFTERWORK_MS = 2_000;

/**
 * Headers that only we or the framework may set; whoever sends them, they go no further. Of what proxies say we read the
 * client's address before; the framework would take its own host and scheme from the rest.
 */
const NEVER_FROM_OUTSIDE = [
  CLIENT_ADDRESS_HEADER,
  THIS_MACHINE_HEADER,
  "x-middleware-subrequest",
  "content-security-policy",
  DESK_PATH_HEADER,
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-real-ip",
];
/** What routes of ours may have; the framework adds HEAD and OPTIONS to them by itself. */
const METHODS: readonly (string | undefined)[] = ["GET", "HEAD", "OPTIONS", "POST"];
/** Stands for every target without a path that can be decoded (RFC 3986, 2.1): nothing has it, so the answer is 404. */
const UNREADABLE = "/unreadable/address";

export type WebServer = {
  port: number;
  /** Takes no new connections, answers what is under way in full, and resolves after at most that many seconds. */
  stop(graceSeconds: number): Promise<void>;
};

/**
 * The client's address: the socket's, or with proxies in front the one written by the outermost that we trust.
 * A chain shorter than promised did not come through those proxies: then, too, it is the socket's.
 */
function clientAddress(
  socketAddress: string | undefined,
  forwardedFor: string | undefined,
  proxyHops: number,
): string {
  const direct = plainAddress(socketAddress ?? "");
  if (proxyHops === 0 || forwardedFor === undefined) return direct;
  const forwarded = plainAddress(forwardedFor.split(",").at(-proxyHops)?.trim() ?? "");
  return isIP(forwarded) === 0 ? direct : forwarded;
}

/** IPv4 as such, also where the socket writes it as IPv6 (`::ffff:192.0.2.1`). */
function plainAddress(address: string): string {
  const mapped = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : "";
  return isIP(mapped) === 4 ? mapped : address;
}

/**
 * What a request is for, without the origin that its target may begin with (RFC 9112, 3.2.2): no name that a client sends
 * has a say. The framework would answer 500 to a path that cannot be decoded.
 */
function pathOf(target: string): string {
  const path = target.replace(/^https?:\/\/[^/?#]*\/?/i, "/");
  try {
    decodeURIComponent(path.split("?", 1)[0] ?? "");
    return path.startsWith("/") ? path : UNREADABLE;
  } catch {
    return UNREADABLE;
  }
}

function cleanRequest(request: IncomingMessage, proxyHops: number): void {
  const forwardedFor = request.headers["x-forwarded-for"];
  const address = clientAddress(
    request.socket.remoteAddress,
    Array.isArray(forwardedFor) ? forwardedFor.join(",") : forwardedFor,
    proxyHops,
  );
  const madeHere = isMadeHere(request);
  request.url = pathOf(request.url ?? "");
  if (request.headers["x-middleware-subrequest"] !== undefined) noteSecurityEvent("framework-header");
  for (const name of NEVER_FROM_OUTSIDE) delete request.headers[name];
  request.headers[CLIENT_ADDRESS_HEADER] = address;
  if (madeHere) request.headers[THIS_MACHINE_HEADER] = "1";
}

/**
 * Adds to the headers at the last moment: set earlier, the framework would append its own to them.
 * @param prepare returns the status to send.
 */
function beforeHeadersLeave(response: ServerResponse, prepare: (status: number) => number): void {
  const writeHead = response.writeHead.bind(response);
  const prepared = (...[status, ...rest]: Parameters<ServerResponse["writeHead"]>): ServerResponse =>
    writeHead(response.headersSent ? status : prepare(status), ...rest);
  response.writeHead = prepared as ServerResponse["writeHead"];
}

/**
 * The framework says that every answer varies by the headers of its own browser code. No page has any of that code, and
 * caches would keep a copy of a public one for each combination that a client can invent.
 */
function varyByWhatMatters(response: ServerResponse): void {
  const names = [response.getHeader("Vary") ?? []].flat().flatMap((value) => String(value).split(/\s*,\s*/));
  const kept = [...new Set(names.filter((name) => !/^(?:rsc|next-)/i.test(name)))];
  if (kept.length > 0) response.setHeader("Vary", kept.join(", "));
  else response.removeHeader("Vary");
}

/**
 * Says with a 405 which methods the address has (RFC 9110, 15.5.6), where the framework leaves that out.
 * @param method the method asked for; when it is none of `METHODS`, the framework was asked by OPTIONS in its place.
 * @returns the status to send.
 */
function refuseMethod(response: ServerResponse, method: string | undefined, status: number): number {
  if (!METHODS.includes(method) && status === 204) return 405;
  // A route without POST has GET, and one without GET has POST.
  if (status === 405 && !response.hasHeader("Allow"))
    response.setHeader("Allow", method === "POST" ? "GET, HEAD, OPTIONS" : "OPTIONS, POST");
  return status;
}

/** What answers every address that no direct route answers. */
export type Framework = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Finishes work that outlives its answer. */
  close(): Promise<void>;
};

/** Next, on the build that lies in the working directory; throws when there is none. */
async function nextFramework(httpServer: Server, options: WebServerOptions): Promise<Framework> {
  const { default: next } = await import("next");
  const { port, dev = false, host } = options;
  const app = next({ dev, dir: process.cwd(), port, hostname: host ?? "localhost", httpServer });
  const handle = app.getRequestHandler();
  await app.prepare();
  return { handle, close: () => app.close() };
}

export type WebServerOptions = {
  port: number;
  dev?: boolean;
  /** The address to listen on; loopback alone when it is null or missing. */
  host?: string | null;
  /** Turns away what can wait while the process is overloaded. @returns whether it did. */
  shed?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Checks what is not answered directly before the framework sees it. @returns whether it answered the request. */
  guard?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Answered here, without the framework's way to them. */
  directRoutes?: readonly DirectRoute[];
  /** Next unless said otherwise. */
  framework?: (server: Server, options: WebServerOptions) => Promise<Framework>;
};

/**
 * Serves the site over HTTP.
 * @returns once it listens; throws when the port is taken or there is no build.
 */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { trustedProxyHops, siteUrl } = settings();
  const secure = siteUrl.startsWith("https://");
  let stopping = false;
  let framework: Framework | undefined;

  const server = createServer(
    {
      headersTimeout: HEADERS_LIMIT_MS,
      requestTimeout: REQUEST_LIMIT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      beginRequest(() => routeClass(request.url ?? ""));
      const chosen = beginAnswer();
      cleanRequest(request, trustedProxyHops);
      const { method, socket } = request;
      beforeHeadersLeave(response, (status) => {
        varyByWhatMatters(response);
        // Development pages carry the framework's own scripts, and never leave this machine.
        if (!options.dev) addBaseline(response, secure);
        if (stopping) response.setHeader("Connection", "close");
        closeIfUnread(request, response, socket);
        return refuseMethod(response, method, chosen.status ?? status);
      });
      measureRequest(request, response, async () => {
        if (!METHODS.includes(method)) request.method = "OPTIONS";
        const direct = directRouteFor(options.directRoutes ?? [], request);
        if (options.shed?.(request, response)) return;
        if (!direct && (await options.guard?.(request, response))) return;
        if (direct) await answerDirectly(direct, request, response);
        else await framework?.handle(request, response);
      }).catch((error: unknown) => {
        // A client that left while it was still sending is no fault of ours.
        if (!request.destroyed || request.complete) log.error("request failed", error);
        if (response.headersSent) response.destroy();
        else response.writeHead(500, { "Content-Type": "text/plain; charset=utf-8" }).end("Internal error\n");
      });
    },
  );
  framework = await (options.framework ?? nextFramework)(server, options);

  const { port, listeners } = await openEntrances(
    server,
    options.port,
    listenAddresses(options.host ?? null),
  );

  return {
    port,
    async stop(graceSeconds) {
      stopping = true;
      // Only the listening ends: the HTTP server's own `close` would cut idle connections at once.
      const closed = Promise.all(
        listeners.map(
          (listener) =>
            new Promise<void>((resolve) => {
              NetServer.prototype.close.call(listener, () => resolve());
            }),
        ),
      );
      const cut = setTimeout(() => server.closeAllConnections(), graceSeconds * 1_000);
      await Promise.race([closed, sleep(LINGER_MS)]);
      server.closeIdleConnections();
      // A connection that falls idle later would otherwise hold the server open until its keep-alive ends.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
      await Promise.race([framework?.close(), sleep(AFTERWORK_MS, undefined, { ref: false })]);
    },
  };
}

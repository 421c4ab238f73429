import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP, Server as NetServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { beginRequest, log, logConsoleErrors } from "@/lib/log";
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

/** How long a client may take to send its request line and headers. */
const HEADERS_LIMIT_MS = 15_000;
/** How long a client may take to send a whole request. */
const REQUEST_LIMIT_MS = 30_000;
/** Longer than the 60 s for which common proxies keep an idle connection, so that they close first. */
const KEEP_ALIVE_MS = 65_000;
/**
 * How long idle connections stay open after we stop accepting new ones.
 * A proxy may be sending a form just as we would close the connection, and nobody retries a form. Within this
 * time it notices that nothing listens here any more.
 */
const LINGER_MS = 1_000;
/** How often connections that have since become idle are closed. */
const SWEEP_MS = 100;
/** How long background work may take to finish at shutdown. */
const AFTERWORK_MS = 2_000;

/**
 * Internal and proxy headers. Stripped from incoming requests.
 * The client's address is read before that. The framework would take its own host and scheme from the rest.
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
/** Methods that our routes may support; the framework adds HEAD and OPTIONS. */
const METHODS: readonly (string | undefined)[] = ["GET", "HEAD", "OPTIONS", "POST"];
/**
 * Replaces every target whose path cannot be decoded (RFC 3986, 2.1).
 * No route matches it, so the answer is 404.
 */
const UNREADABLE = "/unreadable/address";

export type WebServer = {
  port: number;
  /**
   * Stops accepting connections and finishes running requests. After `graceSeconds`, cuts those still open.
   */
  stop(graceSeconds: number): Promise<void>;
};

/**
 * Returns the client's address: the socket's or, behind
 * proxies, the one written by the outermost trusted proxy.
 * If X-Forwarded-For has fewer entries than there should be proxies, the request bypassed them, and the
 * socket's address counts.
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

/** Returns IPv4-mapped IPv6 addresses (`::ffff:192.0.2.1`) as plain IPv4. */
function plainAddress(address: string): string {
  const mapped = address.startsWith("::ffff:") ? address.slice("::ffff:".length) : "";
  return isIP(mapped) === 4 ? mapped : address;
}

/**
 * Returns the path and query of a request target, without an origin that it may begin with (RFC 9112, 3.2.2),
 * so that no host name sent by a client matters.
 * Replaces paths that cannot be decoded, for which the framework would answer 500.
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
 * Runs `prepare` just before the headers are sent. Headers set
 * earlier would get the framework's own values appended.
 * @param prepare returns the status to send.
 */
function beforeHeadersLeave(response: ServerResponse, prepare: (status: number) => number): void {
  const writeHead = response.writeHead.bind(response);
  const prepared = (...[status, ...rest]: Parameters<ServerResponse["writeHead"]>): ServerResponse =>
    writeHead(response.headersSent ? status : prepare(status), ...rest);
  response.writeHead = prepared as ServerResponse["writeHead"];
}

/**
 * Removes the framework's client-side headers from Vary.
 * No page uses its browser code, and caches would store a copy
 * of a public page for each combination a client invents.
 */
function varyByWhatMatters(response: ServerResponse): void {
  const names = [response.getHeader("Vary") ?? []].flat().flatMap((value) => String(value).split(/\s*,\s*/));
  const kept = [...new Set(names.filter((name) => !/^(?:rsc|next-)/i.test(name)))];
  if (kept.length > 0) response.setHeader("Vary", kept.join(", "));
  else response.removeHeader("Vary");
}

/**
 * Adds the Allow header to a 405 (RFC 9110, 15.5.6), which the framework omits.
 * @param method the requested method; if it is not in
 *   `METHODS`, the framework was asked with OPTIONS instead.
 * @returns the status to send.
 */
function refuseMethod(response: ServerResponse, method: string | undefined, status: number): number {
  if (!METHODS.includes(method) && status === 204) return 405;
  // A route without POST has GET, and one without GET has POST.
  if (status === 405 && !response.hasHeader("Allow"))
    response.setHeader("Allow", method === "POST" ? "GET, HEAD, OPTIONS" : "OPTIONS, POST");
  return status;
}

/** Answers every request that no direct route answers. */
export type Framework = {
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Finishes work that outlives its response. */
  close(): Promise<void>;
};

/** Starts Next on the build in the working directory; throws if there is none. */
async function nextFramework(httpServer: Server, options: WebServerOptions): Promise<Framework> {
  const { default: next } = await import("next");
  const { port, dev = false, host } = options;
  const app = next({ dev, dir: process.cwd(), port, hostname: host ?? "localhost", httpServer });
  const handle = app.getRequestHandler();
  await app.prepare();
  if (!dev) logConsoleErrors();
  return { handle, close: () => app.close() };
}

export type WebServerOptions = {
  port: number;
  dev?: boolean;
  /** The address to listen on; null or missing means loopback only. */
  host?: string | null;
  /** Turns away requests that can wait while the process is overloaded. @returns whether it did. */
  shed?: (request: IncomingMessage, response: ServerResponse) => boolean;
  /**
   * Checks requests without a direct route before the framework sees them.
   * @returns whether it answered the request.
   */
  guard?: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
  /** Routes answered here, bypassing the framework. */
  directRoutes?: readonly DirectRoute[];
  /** Next by default. */
  framework?: (server: Server, options: WebServerOptions) => Promise<Framework>;
};

/**
 * Serves the site over HTTP. Resolves once it listens.
 * @throws when the port is taken or there is no build.
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
        // Development pages contain the framework's own scripts, and never leave this machine.
        if (!options.dev) addBaseline(response, secure);
        if (stopping) response.setHeader("Connection", "close");
        closeIfUnread(request, response, socket);
        for (const [name, value] of Object.entries(chosen.headers)) response.setHeader(name, value);
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
        // A client that disconnected while sending is not our error.
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
      // Only stop listening: the HTTP server's own `close` would cut idle connections at once.
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
      // A connection that becomes idle later would otherwise keep the server open until its keep-alive ends.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
      await Promise.race([framework?.close(), sleep(AFTERWORK_MS, undefined, { ref: false })]);
    },
  };
}

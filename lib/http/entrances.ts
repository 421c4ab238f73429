import type { Server } from "node:http";
import { createServer, type Server as NetServer } from "node:net";

/**
 * Connections that may wait to be accepted.
 * In a rush the usual 511 overflow, and refused clients retry only after seconds.
 */
const ACCEPT_BACKLOG = 4_096;
/**
 * Listening sockets per address. Node.js accepts one connection per socket in each turn of the event loop.
 * With a single socket and long turns, new connections wait many seconds while open ones are answered.
 */
const LISTENERS = 16;
/** Only Linux spreads connections over sockets that share a port (SO_REUSEPORT). */
const SHARES_PORTS = process.platform === "linux";
/** Error codes for an address, or address family, that the machine does not have. */
const NO_SUCH_ADDRESS: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** Where connections come in: the server itself, and extra listeners that pass theirs to it. */
export type Entrances = { port: number; listeners: NetServer[] };

/**
 * Starts listening on every address. Addresses after the first are skipped if the machine does not have them.
 * @param port 0 lets the system choose one.
 * @throws when the port is taken, or the machine does not have the first address.
 */
export async function openEntrances(
  server: Server,
  port: number,
  [first = "localhost", ...further]: readonly string[],
): Promise<Entrances> {
  const opened = await listenOn(first, port, server, server);
  const listeners = [server, ...opened.listeners];
  for (const address of further) {
    try {
      const also = entranceTo(server);
      listeners.push(also, ...(await listenOn(address, opened.port, also, server)).listeners);
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (!NO_SUCH_ADDRESS.has(code)) throw error;
    }
  }
  return { port: opened.port, listeners };
}

/** @returns the port, and the listeners besides the first. */
async function listenOn(address: string, port: number, first: NetServer, server: Server): Promise<Entrances> {
  // A shared port can also be shared with another of our
  // processes, so first check exclusively that it is free.
  if (SHARES_PORTS && port !== 0) await checkPort(port, address);
  const bound = await listen(first, port, address, SHARES_PORTS);
  const listeners = Array.from({ length: SHARES_PORTS ? LISTENERS - 1 : 0 }, () => entranceTo(server));
  await Promise.all(listeners.map((listener) => listen(listener, bound, address, true)));
  return { port: bound, listeners };
}

async function checkPort(port: number, address: string): Promise<void> {
  const probe = createServer();
  await listen(probe, port, address, false);
  await new Promise((resolve) => probe.close(resolve));
}

function entranceTo(server: Server): NetServer {
  return createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit("connection", socket));
}

/** @returns the port. */
function listen(listener: NetServer, port: number, host: string, reusePort: boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    listener.once("error", reject);
    listener.listen({ port, host, reusePort, backlog: ACCEPT_BACKLOG }, () => {
      listener.off("error", reject);
      const bound = listener.address();
      resolve(typeof bound === "object" && bound !== null ? bound.port : port);
    });
  });
}

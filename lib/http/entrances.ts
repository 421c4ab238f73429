import type { Server } from "node:http";
import { createServer, type Server as NetServer } from "node:net";

/** Connections that may wait to be accepted. In a rush the usual 511 overflow, and a refused one is retried only after seconds. */
const ACCEPT_BACKLOG = 4_096;
/**
 * Listening sockets on each address. Node.js accepts one connection of each in a turn of the event loop; with a single one,
 * new connections wait for many seconds when turns are long, while those already open are answered.
 */
const LISTENERS = 16;
/** Sharing a port between sockets (SO_REUSEPORT) spreads connections over them on Linux alone. */
const SHARES_PORTS = process.platform === "linux";
/** Error codes for an address, or an address family, that the machine does not have. */
const NO_SUCH_ADDRESS: ReadonlySet<string> = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT"]);

/** Where connections come in: the server itself, and further listeners that hand theirs to it. */
export type Entrances = { port: number; listeners: NetServer[] };

/**
 * Has the server listen on addresses. Throws when the port is taken, or the machine does not have the first address; others
 * that it does not have are skipped.
 * @param port the system chooses one for 0.
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

/** @returns the listeners besides the first. */
async function listenOn(address: string, port: number, first: NetServer, server: Server): Promise<Entrances> {
  // Sockets that share a port share it with another process of ours, too: whether one has it must be found out alone.
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

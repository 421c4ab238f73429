import { createServer } from "node:net";

/** The server listens on loopback only. */
export const HOST = "127.0.0.1";
/** Never used: people look for the machine's own PostgreSQL there. */
const USUAL_POSTGRES_PORT = 5432;

/** Whether a loopback port is free. */
export function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: HOST, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** Returns a free TCP port on loopback, never PostgreSQL's usual one. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await portOfTheSystem();
    if (port !== USUAL_POSTGRES_PORT && port !== 0) return port;
  }
}

function portOfTheSystem(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen({ port: 0, host: HOST }, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

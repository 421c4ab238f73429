import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * A mail provider on loopback that accepts everything, stores nothing, and passes on the tokens it was sent.
 */
export type Provider = { url: string; stop(): void };

export async function startProvider(onToken: (token: string) => void): Promise<Provider> {
  let mails = 0;
  const server = createServer(async (request, answer) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const batch = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { text: string }[];
    for (const { text } of batch) {
      const token = /\/confirm\/([\w-]+)/.exec(text)?.[1];
      if (token !== undefined) onToken(token);
    }
    const data = batch.map(() => ({ id: `mail-${mails++}` }));
    answer.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ data, errors: [] }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

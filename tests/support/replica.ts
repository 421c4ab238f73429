import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerDirectly, directRouteFor } from "@/lib/http/direct";
import { followChanges } from "@/lib/http/public-pages";
import { directRoutes } from "@/scripts/support/direct-routes";

// One web process with the product's direct routes, without a build of the rest; it says its port on standard output.
const server = createServer((request, response) => {
  const matched = directRouteFor(directRoutes, request);
  if (!matched) response.writeHead(404).end();
  else answerDirectly(matched, request, response).catch(() => response.destroy());
}).listen(0, "127.0.0.1");
await once(server, "listening");
void followChanges(new AbortController().signal);
console.log((server.address() as AddressInfo).port);

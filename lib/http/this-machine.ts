import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Names that no page elsewhere can have: DNS may lead any other to this machine (DNS rebinding). */
const LOCAL_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const HTTP_PORT = 80;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Headers by which proxies, load balancers and CDNs say that they pass somebody else's request on. */
const FORWARDING =
  /^(?:forwarded|via|(?:x-)?(?:original-)?forwarded(?:-.*)?|x-(?:real|client|cluster-client|envoy|original|azure|amzn?|arr|appengine)-.*|(?:true-)?client-ip|cdn-.*|cf-.*|fastly-.*|fly-.*)$/;

/**
 * Whether somebody at this machine made the request: over a loopback socket, for a local name with our port, and with no
 * header of a proxy. To be asked before such headers are taken away.
 */
export function isMadeHere(request: IncomingMessage): boolean {
  const { headers, socket } = request;
  const [, name = "", port = HTTP_PORT] =
    /^([^:]+|\[[^\]]*\])(?::(\d+))?$/.exec(headers.host?.toLowerCase() ?? "") ?? [];
  if (!LOCAL_NAMES.has(name) || Number(port) !== socket.localPort) return false;
  // Of several hosts only the first is told.
  if (request.headersDistinct.host?.length !== 1) return false;
  return isLoopback(socket.remoteAddress) && !Object.keys(headers).some((header) => FORWARDING.test(header));
}

/** A client that has left has no address any more. */
function isLoopback(address = ""): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? "ipv6" : "ipv4");
}

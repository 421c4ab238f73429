import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** Host names that no website can have. Any other name could resolve to this machine (DNS rebinding). */
const LOCAL_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const HTTP_PORT = 80;

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Headers that proxies, load balancers and CDNs add to requests they forward. */
const FORWARDING =
  /^(?:forwarded|via|(?:x-)?(?:original-)?forwarded(?:-.*)?|x-(?:real|client|cluster-client|envoy|original|azure|amzn?|arr|appengine)-.*|(?:true-)?client-ip|cdn-.*|cf-.*|fastly-.*|fly-.*)$/;

/**
 * Returns whether the request was made on this machine: over a loopback socket, for a local name with our
 * port, and without a proxy's headers. Call it before those headers are stripped.
 */
export function isMadeHere(request: IncomingMessage): boolean {
  const { headers, socket } = request;
  const [, name = "", port = HTTP_PORT] =
    /^([^:]+|\[[^\]]*\])(?::(\d+))?$/.exec(headers.host?.toLowerCase() ?? "") ?? [];
  if (!LOCAL_NAMES.has(name) || Number(port) !== socket.localPort) return false;
  // `headers` keeps only the first of several.
  if (request.headersDistinct.host?.length !== 1) return false;
  return isLoopback(socket.remoteAddress) && !Object.keys(headers).some((header) => FORWARDING.test(header));
}

/** The address is undefined once the client has disconnected. */
function isLoopback(address = ""): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 6 ? "ipv6" : "ipv4");
}

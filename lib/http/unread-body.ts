import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How much of an unwanted body is read before the connection is cut, in bytes. */
const DISCARDED_BYTES = 1024 * 1024;
/** How long the client may keep sending it, in milliseconds. */
const DISCARDING_MS = 2_000;

/** Returns whether the request has a body that has not fully arrived (RFC 9112, 6.3). */
function isUnread({ complete, headers }: IncomingMessage): boolean {
  return (
    !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0)
  );
}

/**
 * Closes the connection after a response that is sent before the request's body has arrived, such as a
 * refusal, and announces it with `Connection: close`.
 * If it stayed open, the next request on it would wait behind
 * the rest of the body. Call this as the headers are sent.
 * @param socket the request's socket when it began: cancelling a body detaches it from the request, and a
 *   response has none while an earlier response on the connection is being sent.
 */
export function closeIfUnread(request: IncomingMessage, response: ServerResponse, socket: Socket): void {
  if (!isUnread(request)) return;
  response.setHeader("Connection", "close");
  // Node.js calls this once such a response is sent. Closing while bytes still arrive would reset the
  // connection, and the client might never see the response (RFC 9112, 9.6).
  socket.destroySoon = () => {
    socket.end();
    // Whatever follows is not a request: detach the HTTP parser.
    socket.removeAllListeners("data");
    const cut = setTimeout(() => socket.destroy(), DISCARDING_MS);
    socket.once("close", () => clearTimeout(cut));
    let left = DISCARDED_BYTES;
    socket.on("data", (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) socket.destroy();
    });
    socket.resume();
  };
}

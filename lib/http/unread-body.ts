import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How much of a body that nobody wants is read before its connection is cut, in bytes. */
const DISCARDED_BYTES = 1024 * 1024;
/** How long a client may go on sending it, in milliseconds. */
const DISCARDING_MS = 2_000;

/** Whether the request has a body that has not come in whole (RFC 9112, 6.3). */
function isUnread({ complete, headers }: IncomingMessage): boolean {
  return (
    !complete && (headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0)
  );
}

/**
 * Closes the connection after an answer that leaves before the request's body has come in, as a refusal does, and says so.
 * Kept open, its next request would wait behind what is left of the body. To be called as the headers leave.
 * @param socket as it was when the request began: a route that gives a body up takes it from the request, and the response
 *   has none while an earlier answer is on its way.
 */
export function closeIfUnread(request: IncomingMessage, response: ServerResponse, socket: Socket): void {
  if (!isUnread(request)) return;
  response.setHeader("Connection", "close");
  // Called by Node.js when such an answer is complete. Cut there, with bytes still coming in, the connection would be reset,
  // and the client might never see the answer (RFC 9112, 9.6).
  socket.destroySoon = () => {
    socket.end();
    // What follows is no request any more: the parser is not to see it.
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

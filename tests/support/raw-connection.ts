import { connect, type Socket } from "node:net";

/** An answer as it came over the line. */
export type RawAnswer = { status: number; headers: Map<string, string>; body: string };

/** A connection whose bytes the test writes itself, as no client would. */
export type RawConnection = {
  send(bytes: string): void;
  /** The next answer on it; null when the connection ends before there is one. */
  answer(): Promise<RawAnswer | null>;
  /** Resolves once the other side sends no more. */
  ended: Promise<void>;
  /** Resolves once the other side takes no more either. */
  cut: Promise<void>;
  close(): void;
};

const HEAD_END = "\r\n\r\n";
const CHUNKS_END = "0\r\n\r\n";

export function openConnection(port: number, host = "127.0.0.1"): RawConnection {
  const socket: Socket = connect({ port, host, allowHalfOpen: true });
  let received = "";
  let over = false;
  let arrived = () => {};
  socket.setEncoding("latin1").on("data", (chunk) => {
    received += chunk;
    arrived();
  });
  const ended = new Promise<void>((resolve) => {
    const finished = () => {
      over = true;
      arrived();
      resolve();
    };
    socket.on("end", finished).on("close", finished);
  });
  // Cut while we send: `cut` tells.
  socket.on("error", () => {});
  const cut = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  return {
    send: (bytes) => socket.write(bytes, "latin1"),
    async answer() {
      for (;;) {
        const [answer, rest] = answerIn(received);
        if (answer !== null) {
          received = rest;
          return answer;
        }
        if (over) return null;
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
    ended,
    cut,
    close: () => socket.destroy(),
  };
}

/** The first whole answer of some bytes, and what follows it. */
function answerIn(bytes: string): [RawAnswer | null, string] {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0) return [null, bytes];
  const [statusLine = "", ...lines] = bytes.slice(0, headEnd).split("\r\n");
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const from = headEnd + HEAD_END.length;
  const length = Number(headers.get("content-length") ?? 0);
  const chunksEnd = bytes.indexOf(CHUNKS_END, from);
  const to = headers.has("transfer-encoding") ? chunksEnd + CHUNKS_END.length : from + length;
  if (to > bytes.length || (headers.has("transfer-encoding") && chunksEnd < 0)) return [null, bytes];
  const status = Number(statusLine.split(" ")[1]);
  return [{ status, headers, body: bytes.slice(from, to) }, bytes.slice(to)];
}

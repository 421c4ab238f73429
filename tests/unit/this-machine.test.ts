import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { isMadeHere } from "@/lib/http/this-machine";

const PORT = 3000;

function from(remoteAddress: string | undefined, host = `localhost:${PORT}`): IncomingMessage {
  const socket = new Socket();
  Object.defineProperties(socket, { remoteAddress: { value: remoteAddress }, localPort: { value: PORT } });
  const request = new IncomingMessage(socket);
  request.headers = { host };
  request.headersDistinct = { host: [host] };
  return request;
}

test.each([
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["::1", true],
  ["::ffff:127.0.0.1", true],
  ["192.168.1.7", false],
  ["::ffff:192.168.1.7", false],
  ["fe80::1", false],
  ["2001:db8::1", false],
  [undefined, false],
])("a request from %s is made at this machine: %s", (address, made) => {
  expect(isMadeHere(from(address))).toBe(made);
});

test("a request without a host, or whose host is no host, is not", () => {
  for (const host of [
    "",
    ":3000",
    "localhost:",
    "localhost:x",
    "[::1",
    "localhost:3000:3000",
    "localhost@evil.example:3000",
  ])
    expect(isMadeHere(from("127.0.0.1", host)), host).toBe(false);
});

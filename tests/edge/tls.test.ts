import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectionOptions, connect } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "@/lib/embedded-postgres";
import { findNginx } from "@/scripts/support/nginx";

const POLL_MS = 50;
const NAME = "campaign.org";
/** What phones without AES in their processor ask for. */
const CHACHA_FIRST = "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384";

let folder = "";
let port = 0;
let nginx: ChildProcess;

// The shipped configuration's lines about TLS, and its server for other names, in an nginx that does nothing else, with a
// certificate for this run alone.
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-tls-"));
  port = await freePort();
  const [key, certificate, file] = ["key.pem", "certificate.pem", "nginx.conf"].map((name) =>
    path.join(folder, name),
  ) as [string, string, string];
  execFileSync(
    "openssl",
    // biome-ignore format: one option a line would hide the command.
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
      "-subj", "/CN=localhost", "-keyout", key, "-out", certificate],
    { stdio: "ignore" },
  );
  const shipped = await readFile("deploy/nginx.conf", "utf8");
  const forAllNames = shipped.match(/^ {4}ssl_.*$/gm) ?? [];
  const [otherNames = ""] = /^ {4}server \{[^{}]*default_server;[^{}]*\}/m.exec(shipped) ?? [];
  await writeFile(
    file,
    `pid ${folder}/nginx.pid; error_log stderr crit; worker_processes 1; events {}
     http {
       access_log off;
       ${forAllNames.join("\n")}
       ${otherNames
         .replace(/^.*listen (?:80|\[::\]).*$/gm, "")
         .replace("listen 443", `listen 127.0.0.1:${port}`)
         .replace(/^.*add_header.*$/m, "")}
       server {
         listen 127.0.0.1:${port} ssl http2;
         server_name ${NAME};
         ssl_certificate ${certificate};
         ssl_certificate_key ${key};
         location / { return 204; }
       }
     }`,
  );
  nginx = spawn(findNginx() ?? "nginx", ["-p", folder, "-c", file, "-e", "stderr", "-g", "daemon off;"], {
    stdio: "inherit",
  });
  while ((await spoken({})) === null) await sleep(POLL_MS);
});
afterAll(async () => {
  nginx?.kill("SIGTERM");
  if (nginx) await once(nginx, "exit");
  await rm(folder, { recursive: true, force: true });
});

/** What a client and nginx agree on; null when on nothing. */
function spoken(options: ConnectionOptions): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({
      port,
      host: "127.0.0.1",
      servername: NAME,
      rejectUnauthorized: false,
      ...options,
    });
    socket.once("secureConnect", () => {
      resolve(`${socket.getProtocol()} ${socket.getCipher().name}`);
      socket.destroy();
    });
    socket.once("error", () => resolve(null));
  });
}

test("a browser of today speaks TLS 1.3, an older one 1.2, each with the strongest suite", async () => {
  expect(await spoken({})).toBe("TLSv1.3 TLS_AES_256_GCM_SHA384");
  expect(await spoken({ maxVersion: "TLSv1.2", ciphers: "AES128:AES256" })).toBe(
    "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384",
  );
});

test("a phone that asks for ChaCha20 first gets it", async () => {
  expect(await spoken({ maxVersion: "TLSv1.2", ciphers: CHACHA_FIRST })).toBe(
    "TLSv1.2 ECDHE-RSA-CHACHA20-POLY1305",
  );
});

test.each([
  ["CBC", { maxVersion: "TLSv1.2", ciphers: "ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA" }],
  ["no forward secrecy", { maxVersion: "TLSv1.2", ciphers: "AES256-GCM-SHA384:AES128-GCM-SHA256" }],
] as [string, ConnectionOptions][])("%s is not spoken", async (_, options) => {
  expect(await spoken(options)).toBeNull();
});

test.each(["evil.example", "localhost", ""])(
  "a client that names %j gets no handshake, nor a certificate",
  async (servername) => {
    expect(await spoken({ servername })).toBeNull();
  },
);

/** A visit by a client that would resume an earlier session: what it may take along, and whether that was taken up. */
async function visit(
  maxVersion: "TLSv1.2" | "TLSv1.3",
  session?: Buffer,
): Promise<{ session: Buffer | undefined; resumed: boolean }> {
  const socket = connect({
    port,
    host: "127.0.0.1",
    servername: NAME,
    rejectUnauthorized: false,
    maxVersion,
    ...(session ? { session } : {}),
  });
  let offered: Buffer | undefined;
  socket.on("session", (each) => {
    offered = each;
  });
  await once(socket, "secureConnect");
  const resumed = socket.isSessionReused();
  // Tickets of TLS 1.3 come with the first bytes behind the handshake.
  socket.write(`GET / HTTP/1.1\r\nHost: ${NAME}\r\nConnection: close\r\n\r\n`);
  socket.resume();
  await once(socket, "close");
  return { session: offered, resumed };
}

describe("S16: who watches the line, or takes the server's memory later,", () => {
  test.each(["TLSv1.2", "TLSv1.3"] as const)("finds no session that is resumed in %s", async (version) => {
    const first = await visit(version);
    if (version === "TLSv1.3") expect(first.session).toBeUndefined();
    expect((await visit(version, first.session)).resumed).toBe(false);
  });
});

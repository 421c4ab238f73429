import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ConnectionOptions, connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "@/lib/db/embedded";
import { findNginx } from "@/scripts/support/nginx";

const POLL_MS = 50;
/** What phones without AES in their processor ask for. */
const CHACHA_FIRST = "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES256-GCM-SHA384";

let folder = "";
let port = 0;
let nginx: ChildProcess;

// The shipped configuration's lines about TLS in an nginx that does nothing else, with a certificate for this run alone.
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
  const lines = (shipped.match(/^\s*ssl_.*$/gm) ?? [])
    .map((line) => line.replace(/ssl_certificate_key .*/, `ssl_certificate_key ${key};`))
    .map((line) => line.replace(/ssl_certificate .*/, `ssl_certificate ${certificate};`));
  await writeFile(
    file,
    `pid ${folder}/nginx.pid; error_log stderr crit; worker_processes 1; events {}
     http { access_log off; server { listen 127.0.0.1:${port} ssl; ${lines.join("\n")} location / { return 204; } } }`,
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
    const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false, ...options });
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

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@/lib/embedded-postgres";
import { findNginx } from "./nginx";

const START_LIMIT_MS = 5_000;
const POLL_MS = 50;

/**
 * The shipped configuration in a real nginx on loopback. Only paths, ports, names and the certificate differ.
 */
export type Edge = { origin: string; plainPort: number; folder: string; stop(): Promise<void> };

/**
 * Replaces text that must be present, so that tests fail rather than pass when the configuration has changed.
 */
function replaced(
  text: string,
  from: string | RegExp,
  to: string | ((found: string, ...groups: string[]) => string),
): string {
  const changed = text.replaceAll(from, to as string);
  if (changed === text) throw new Error(`deploy/nginx.conf has no ${from}`);
  return changed;
}

/**
 * Starts nginx in front of the site.
 * @param sitePorts ports of the web processes behind it.
 * @param logAtOnce writes each log line when its request ends, for tests that read the log immediately.
 */
export async function startEdge(
  sitePorts: readonly number[],
  { logAtOnce = false }: { logAtOnce?: boolean } = {},
): Promise<Edge> {
  const nginx = findNginx();
  if (nginx === null) throw new Error("nginx is not installed: apt-get install nginx-light");
  const folder = await mkdtemp(path.join(tmpdir(), "petition-edge-"));
  await chmod(folder, 0o755);
  await mkdir(path.join(folder, "cache"));
  const [port, plainPort] = [await freePort(), await freePort()];
  let text = await readFile("deploy/nginx.conf", "utf8");
  text = replaced(text, "user www-data;", process.getuid?.() === 0 ? "user root;" : "");
  text = replaced(text, "pid /run/nginx.pid;", `pid ${folder}/nginx.pid;`);
  text = replaced(text, "/var/log/nginx/", `${folder}/`);
  text = replaced(text, "/var/cache/petition", `${folder}/cache`);
  if (logAtOnce) text = replaced(text, "buffer=64k flush=5s", "");
  text = replaced(text, "worker_processes auto;", "worker_processes 1;");
  text = replaced(text, /^\s*listen \[::\].*$/gm, "");
  text = replaced(text, /listen 80\b/g, `listen 127.0.0.1:${plainPort}`);
  text = replaced(text, /listen 443 ssl http2\b/g, `listen 127.0.0.1:${port}`);
  // Also answer to the address that tests and benchmarks use.
  text = replaced(text, "server_name campaign.org;", "server_name campaign.org 127.0.0.1;");
  text = replaced(text, /^\s*ssl_.*$/gm, "");
  text = replaced(text, /^.*server 127\.0\.0\.1:3000(.*)$/gm, (_line, options) =>
    sitePorts.map((sitePort) => `server 127.0.0.1:${sitePort}${options}`).join("\n"),
  );
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`)
    .join(" ");
  text = replaced(text, "    server_tokens off;", `    server_tokens off; ${places}`);
  const file = path.join(folder, "nginx.conf");
  await writeFile(file, text);

  const checked = spawnSync(nginx, ["-t", "-p", folder, "-c", file, "-e", "stderr"], { encoding: "utf8" });
  if (checked.status !== 0) throw new Error(`nginx refuses deploy/nginx.conf: ${checked.stderr}`);
  const child: ChildProcess = spawn(nginx, ["-p", folder, "-c", file, "-e", "stderr", "-g", "daemon off;"], {
    stdio: "inherit",
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const origin = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await fetch(`${origin}/api/metrics`).catch(() => null))) {
    if (Date.now() > deadline) throw new Error("nginx did not start");
    await sleep(POLL_MS);
  }
  return {
    origin,
    plainPort,
    folder,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { freePort } from "@/lib/embedded-postgres";
import { startEdge } from "@/scripts/support/edge";
import { findNginx } from "@/scripts/support/nginx";
import { answersPerSecond } from "./load";
import { campaignPath, serveSite } from "./site";
import type { Measure } from "./types";

const CONNECTIONS = 64;
const SHORT_SECONDS = 10;
const LONG_SECONDS = 60;
/** Twice the rate of 100,000 readers who reload every ten seconds. */
const PAGES_PER_SECOND = 20_000;
const START_MS = 500;
/** The least share of plain file throughput that is left after cache look-up, headers and logging. */
const LEAST_OF_PEER = 0.6;

/**
 * Serves the campaign page from the edge, compared with nginx serving the same precompressed bytes from disk.
 * One minute each with `--long`.
 */
export const edge: Measure = {
  name: "edge",
  async run(context) {
    const nginx = findNginx();
    if (nginx === null) {
      context.note("left out: no nginx on this machine");
      return [];
    }
    await context.database();
    const site = await serveSite(context);
    const front = await startEdge([Number(new URL(site.url).port)]);
    try {
      const address = `${front.origin}${campaignPath("en")}`;
      const page = Buffer.from(await (await fetch(address)).arrayBuffer());
      const load = { seconds: context.long ? LONG_SECONDS : SHORT_SECONDS, connections: CONNECTIONS };
      const ours = await answersPerSecond({ address, ...load });
      const peer = await fromDisk(nginx, context.folder, page, load);
      const name = "same bytes from nginx's disk";
      return [
        {
          what: "page from the edge",
          ours,
          unit: "req/s",
          better: "higher",
          limit: PAGES_PER_SECOND,
          leastRatio: LEAST_OF_PEER,
          peer: { name, value: peer },
        },
      ];
    } finally {
      await front.stop();
      await site.stop();
    }
  },
};

async function fromDisk(
  nginx: string,
  folder: string,
  page: Buffer,
  load: { seconds: number; connections: number },
): Promise<number> {
  const home = path.join(folder, "peer");
  await mkdir(home, { mode: 0o755 });
  await writeFile(path.join(home, "page.html"), page);
  await writeFile(path.join(home, "page.html.gz"), gzipSync(page));
  const port = await freePort();
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${home}/${name};`,
  );
  await writeFile(
    path.join(home, "nginx.conf"),
    `${process.getuid?.() === 0 ? "user root;" : ""} worker_processes 1; pid ${home}/nginx.pid; error_log stderr crit;
    events { worker_connections 1024; }
    http { ${places.join(" ")} access_log off; sendfile on; keepalive_requests 10000; open_file_cache max=10;
      server { listen 127.0.0.1:${port}; root ${home}; gzip_static on; } }\n`,
  );
  const server = spawn(nginx, ["-p", home, "-c", `${home}/nginx.conf`, "-e", "stderr", "-g", "daemon off;"], {
    stdio: "inherit",
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  try {
    await sleep(START_MS);
    return await answersPerSecond({ address: `http://127.0.0.1:${port}/page.html`, ...load });
  } finally {
    server.kill("SIGTERM");
    await ended;
  }
}

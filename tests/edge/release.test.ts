import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFile, cp, mkdtemp, rm, symlink } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Edge, startEdge } from "@/scripts/support/edge";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { useDatabase } from "../support/application";

const REPLICAS = 3;
/** What an upgrade waits for after a process is ready: deploy/nginx.conf leaves it out for two seconds. */
const BETWEEN_REPLACEMENTS_MS = 3_000;
const TEST_LIMIT_MS = 90_000;
/** Longer than the edge keeps a page and hands it out while it is renewed. */
const PAST_FRESHNESS_MS = 10_000;
/** Readers who each open the page, load its script and sign, one after another. */
const READERS = 6;
const COPIED = [
  "app",
  "campaigns",
  "components",
  "lib",
  "prisma",
  "scripts",
  "tests",
  "package.json",
  "tsconfig.json",
];

const database = useDatabase();
let folder = "";
let edge: Edge;
const replicas: { child: ChildProcess; port: number }[] = [];

async function startReplica(release: string, port = 0): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ["--import", "tsx", "tests/support/replica.ts"], {
    cwd: release,
    env: { ...process.env, NODE_ENV: "production", REPLICA_PORT: String(port), TRUSTED_PROXY_HOPS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(() => {
    throw new Error("a replica ended at its start");
  });
  const [line] = await Promise.race([once(child.stdout, "data"), ended]);
  return { child, port: Number(String(line).trim()) };
}

/** The release before: the same but for its script, whose address changes with its content. */
async function releaseBefore(): Promise<string> {
  folder = await mkdtemp(path.join(tmpdir(), "petition-release-"));
  for (const name of COPIED) await cp(name, path.join(folder, name), { recursive: true });
  await symlink(path.resolve("node_modules"), path.join(folder, "node_modules"));
  const script = path.join(folder, "components/browser/enhancement.ts");
  await appendFile(script, '\ndocument.documentElement.dataset.release = "before";\n');
  return folder;
}

beforeAll(async () => {
  const before = await releaseBefore();
  replicas.push(...(await Promise.all(Array.from({ length: REPLICAS }, () => startReplica(before)))));
  edge = await startEdge(replicas.map(({ port }) => port));
}, TEST_LIMIT_MS);
afterAll(async () => {
  await edge?.stop();
  for (const { child } of replicas) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

type Answer = { status: number; body: string };

/** From an address of loopback's own network, so that the limits see as many networks as readers. */
async function ask(address: string, localAddress: string, form?: URLSearchParams): Promise<Answer> {
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "text/html" };
  const asked = request(new URL(address, edge.origin), {
    agent: false,
    ...(process.platform === "linux" ? { localAddress } : {}),
    ...(form ? { method: "POST", headers } : {}),
  });
  asked.end(form?.toString());
  const [answer] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk);
  return { status: answer.statusCode, body: Buffer.concat(chunks).toString("utf8") };
}

test(
  "a new release replaces the old one process by process, and no reader and no signer notices",
  async () => {
    const failures: string[] = [];
    const scripts = new Set<string>();
    let signed = 0;
    let reading = true;
    const note = (what: string, { status }: Answer, expected: number) => {
      if (status !== expected) failures.push(`${what}: ${status}`);
    };
    const readers = Array.from({ length: READERS }, async () => {
      while (reading) {
        const number = signed++;
        const from = `127.${1 + (number >> 8)}.${number & 255}.1`;
        const page = await ask(`/en/${CAMPAIGN_SLUG}`, from);
        note("page", page, 200);
        const [, address = "", hash = ""] =
          /src="(\/enhance\/[^"]+)"[^>]*integrity="sha256-([^"]+)"/.exec(page.body) ?? [];
        scripts.add(address);
        const script = await ask(address, from);
        note("script", script, 200);
        if (createHash("sha256").update(script.body).digest("base64") !== hash)
          failures.push("another script");
        // Not from the cache: these reach a process every time.
        note("figures", await ask(`/api/petitions/${CAMPAIGN_SLUG}?reader=${number}`, from), 200);
        const form = new URLSearchParams({
          name: "Zarghuna",
          email: `signer-${number}@example.org`,
          country: "AF",
          consent: "yes",
          locale: "en",
        });
        note("signing", await ask(`/api/petitions/${CAMPAIGN_SLUG}/signatures`, from, form), 303);
      }
    });

    for (const [place, { child, port }] of [...replicas.entries()]) {
      child.kill("SIGTERM");
      await once(child, "exit");
      replicas[place] = await startReplica(process.cwd(), port);
      await sleep(BETWEEN_REPLACEMENTS_MS);
    }
    // The edge may hand out the old page for some seconds more: its script must be there as long.
    await expect.poll(() => scripts.size, { timeout: PAST_FRESHNESS_MS }).toBe(2);
    reading = false;
    await Promise.all(readers);

    expect(failures).toEqual([]);
    expect(scripts.size).toBe(2);
    const [kept] = await database.current().query("SELECT count(*)::int AS signatures FROM signature");
    expect(kept).toEqual({ signatures: signed });
  },
  TEST_LIMIT_MS,
);

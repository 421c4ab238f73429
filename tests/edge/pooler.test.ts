import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { freePort } from "@/lib/db/embedded";
import { useDatabase } from "../support/application";

const PGBOUNCER = "/usr/sbin/pgbouncer";
const installed = spawnSync(PGBOUNCER, ["--version"]).status === 0;
const START_LIMIT_MS = 60_000;
const SIGNERS = 100;

const database = useDatabase();
const processes: ChildProcess[] = [];
let folder = "";
let origin = "";

/** pgbouncer as docs/deploy.md says: one server connection for a transaction at a time, fewer of them than clients. */
async function startPooler(url: URL): Promise<string> {
  folder = await mkdtemp(path.join(tmpdir(), "petition-pooler-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  const name = url.pathname.slice(1);
  const target = `host=${url.hostname} port=${url.port} user=${url.username} password=${url.password}`;
  await writeFile(
    path.join(folder, "pgbouncer.ini"),
    `[databases]
    ${name} = ${target}
    [pgbouncer]
    listen_addr = 127.0.0.1
    listen_port = ${port}
    unix_socket_dir =
    auth_type = any
    pool_mode = transaction
    default_pool_size = 4
    ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout\n`,
  );
  // It refuses to run as root.
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  processes.push(spawn(PGBOUNCER, ["-q", ...user, path.join(folder, "pgbouncer.ini")], { stdio: "ignore" }));
  return `postgresql://petition@127.0.0.1:${port}/${name}`;
}

beforeAll(async () => {
  if (!installed) return;
  const pooler = await startPooler(new URL(database.current().url));
  const replica = spawn(process.execPath, ["--import", "tsx", "tests/support/replica.ts"], {
    env: { ...process.env, NODE_ENV: "production", DATABASE_URL: pooler, TRUSTED_PROXY_HOPS: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  processes.push(replica);
  const [line] = await once(replica.stdout, "data");
  origin = `http://127.0.0.1:${Number(String(line).trim())}`;
}, START_LIMIT_MS);
afterAll(async () => {
  for (const child of processes) {
    const ended = child.exitCode === null ? once(child, "exit") : null;
    child.kill("SIGKILL");
    await ended;
  }
  await rm(folder, { recursive: true, force: true });
});

test.skipIf(!installed)("behind a pooler of transactions a crowd signs, and the count is true", async () => {
  const answers = await Promise.all(
    Array.from({ length: SIGNERS }, (_, signer) =>
      fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}/signatures`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          accept: "application/json",
          "x-forwarded-for": `10.0.${signer}.1`,
        },
        body: JSON.stringify({
          name: "Amina",
          email: `amina-${signer}@example.org`,
          country: "PK",
          consent: "yes",
          locale: "en",
        }),
      }),
    ),
  );
  expect(answers.filter(({ status }) => status !== 202)).toEqual([]);
  await database.current().query("UPDATE signature SET state = 'confirmed', confirmed_at = now()");
  const figures = await fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}`);
  expect(await figures.json()).toMatchObject({ count: SIGNERS });
  const page = await fetch(`${origin}/en/${CAMPAIGN_SLUG}`);
  expect(page.status).toBe(200);
});

import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { announce } from "@/lib/announcements";
import { connect } from "@/lib/db/connection";
import { applyMigrations } from "@/lib/db/migrations";
import { troubleOf } from "@/lib/db/trouble";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { useDatabase } from "../support/application";
import { POOLER_INSTALLED, type Pooler, startPooler } from "../support/pooler";
import { onServer } from "../support/postgres";

const START_LIMIT_MS = 60_000;
const COMMAND_LIMIT_MS = 240_000;
const SIGNERS = 100;

const database = useDatabase();
const processes: ChildProcess[] = [];
let folder = "";
let pooler: Pooler;

const nameOf = (url: string) => new URL(url).pathname.slice(1);
const pooled = () => pooler.urlOf(nameOf(database.current().url));

function spawnScript(script: string, env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
    env: { ...(process.env as Record<string, string>), ...env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  processes.push(child);
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => {
      said += String(piece);
    });
  return { child, said: () => said, ended: once(child, "close").then(([code]) => code as number | null) };
}

beforeAll(async () => {
  if (!POOLER_INSTALLED) return;
  folder = await mkdtemp(path.join(tmpdir(), "petition-behind-pooler-"));
  pooler = await startPooler(new URL(database.current().url));
}, START_LIMIT_MS);
afterAll(async () => {
  for (const child of processes) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, "exit") : null;
    child.kill("SIGKILL");
    await ended;
  }
  await pooler?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Locks that are held in the server for longer than a transaction, by whoever. */
async function lastingLocks(name: string): Promise<unknown[]> {
  return onServer(database.current().url, async (client) => {
    const { rows } = await client.query(
      `SELECT pid, objid FROM pg_locks WHERE locktype = 'advisory'
         AND database = (SELECT oid FROM pg_database WHERE datname = $1)`,
      [name],
    );
    return rows;
  });
}

describe.skipIf(!POOLER_INSTALLED)("behind a pooler of transactions", () => {
  test("a crowd signs, and the count is true", async () => {
    const replica = spawnScript("tests/support/replica.ts", {
      NODE_ENV: "production",
      DATABASE_URL: pooled(),
      TRUSTED_PROXY_HOPS: "1",
    });
    const [line] = await once(replica.child.stdout, "data");
    const origin = `http://127.0.0.1:${Number(String(line).trim())}`;
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
    const count = async () => (await (await fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}`)).json()).count;
    await expect.poll(count, { timeout: 15_000 }).toBe(SIGNERS);
    const page = await fetch(`${origin}/en/${CAMPAIGN_SLUG}`);
    expect(page.status).toBe(200);
    replica.child.kill("SIGTERM");
    await replica.ended;
  });

  test("every command works, twice in a row, and leaves no lock and no setting in the pooler's sessions", {
    timeout: COMMAND_LIMIT_MS,
  }, async () => {
    const name = `fresh_${randomBytes(4).toString("hex")}`;
    await onServer(database.current().url, async (client) => {
      await client.query(`CREATE DATABASE ${name}`);
      // What docs/deploy.md advises for the role.
      await client.query(`ALTER DATABASE ${name} SET statement_timeout = '5s'`);
    });
    const env = { NODE_ENV: "test", DATABASE_URL: pooler.urlOf(name), EMBEDDED_DATABASE: "" };
    const newer = `k2:${randomBytes(32).toString("base64")},${process.env.DATA_KEYS}`;
    const commands: [string, string[][], Record<string, string>][] = [
      ["migrate", [[], []], {}],
      [
        "seed",
        [
          ["--signatures", "300"],
          ["--signatures", "0"],
        ],
        {},
      ],
      ["admin", [["add", "laila@campaign.org", "--role", "owner"], ["list"]], {}],
      ["rotate-keys", [[], []], { DATA_KEYS: newer }],
      ["backup", [[path.join(folder, "one")], [path.join(folder, "two")]], {}],
    ];
    for (const [script, calls, more] of commands)
      for (const args of calls) {
        const { ended, said } = spawnScript(`scripts/${script}.ts`, { ...env, ...more }, args);
        expect([script, await ended, said()]).toEqual([script, 0, expect.any(String)]);
        expect(await lastingLocks(name)).toEqual([]);
      }
    const manifest = JSON.parse(await readFile(path.join(folder, "two/manifest.json"), "utf8"));
    expect(manifest.tables.find((table: { name: string }) => table.name === "signature").rows).toBe(300);
    for (const copy of [`${name}_1`, `${name}_2`]) {
      await onServer(database.current().url, (client) => client.query(`CREATE DATABASE ${copy}`));
      const restored = spawnScript("scripts/restore.ts", { ...env, DATABASE_URL: pooler.urlOf(copy) }, [
        path.join(folder, "two"),
      ]);
      expect([await restored.ended, restored.said()]).toEqual([0, expect.stringMatching(/rows restored/)]);
    }
    // A setting that a command left behind would meet whoever gets its session next.
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => connect({ connectionString: pooler.urlOf(name) })),
    );
    const settings = await Promise.all(
      clients.map(async (client) => {
        await client.query("BEGIN");
        const { rows } = await client.query(
          "SELECT current_setting('statement_timeout') AS timeout, current_setting('synchronous_commit') AS commit",
        );
        return rows[0];
      }),
    );
    for (const client of clients) await client.end();
    expect(settings).toEqual(Array(4).fill({ timeout: "5s", commit: "on" }));
  });

  test("what is announced is heard without LISTEN, and by LISTEN past the pooler", async () => {
    const heardBy = (env: Record<string, string>) => {
      const { child, said } = spawnScript("tests/support/listener.ts", { DATABASE_URL: pooled(), ...env });
      const lines = () =>
        said()
          .trim()
          .split("\n")
          .filter((line) => /^("|null)/.test(line));
      return { child, lines };
    };
    const asking = heardBy({});
    const direct = heardBy({ DATABASE_DIRECT_URL: database.current().url });
    await expect.poll(asking.lines, { timeout: 20_000 }).toEqual(["null"]);
    await expect.poll(direct.lines, { timeout: 20_000 }).toEqual(["null"]);
    await announce("abuse_policy", "one");
    await expect.poll(asking.lines, { timeout: 10_000 }).toEqual(["null", '"one"']);
    await expect.poll(direct.lines, { timeout: 10_000 }).toEqual(["null", '"one"']);
    // Whoever changes the lists, at the database itself.
    await database.current().query("DELETE FROM abuse_list_entry");
    await expect.poll(asking.lines, { timeout: 10_000 }).toEqual(["null", '"one"', '""']);
    const listening = await database
      .current()
      .query(
        "SELECT FROM pg_stat_activity WHERE application_name = 'petition listen abuse_policy' AND query LIKE 'LISTEN abuse_policy%'",
      );
    expect(listening).toHaveLength(1);
    for (const { child } of [asking, direct]) child.kill("SIGKILL");
  });

  test("a restart of the pooler is got over by those who sign and those who hear of changes", async () => {
    const replica = spawnScript("tests/support/replica.ts", {
      NODE_ENV: "production",
      DATABASE_URL: pooled(),
    });
    const [line] = await once(replica.child.stdout, "data");
    const figures = `http://127.0.0.1:${Number(String(line).trim())}/api/petitions/${CAMPAIGN_SLUG}`;
    const status = async () => (await (await fetch(figures)).json()).status;
    expect(await status()).toBe("open");
    await pooler.restart();
    await database.current().query("UPDATE campaign SET status = 'closed', closed_at = now()");
    await expect.poll(status, { timeout: 15_000 }).toBe("closed");
    await database.current().query("UPDATE campaign SET status = 'open', closed_at = NULL");
    replica.child.kill("SIGKILL");
  });
});

describe.skipIf(!POOLER_INSTALLED)("migrations behind a pooler of transactions", () => {
  async function withPending(
    work: (source: { folder: string }, name: string) => Promise<void>,
  ): Promise<void> {
    const name = `99990101000000_${randomBytes(4).toString("hex")}`;
    const source = { folder: path.join(folder, name) };
    await cp("prisma", source.folder, { recursive: true });
    await mkdir(path.join(source.folder, "migrations", name));
    await writeFile(path.join(source.folder, "migrations", name, "migration.sql"), "SELECT 1;");
    try {
      await work(source, name);
    } finally {
      await database.current().query("DELETE FROM _prisma_migrations WHERE migration_name = $1", [name]);
    }
  }

  /** Keeps the lock as a pooler did that was left with it: in a session that nobody uses any more. */
  async function leaked(): Promise<Client> {
    const client = new Client({ connectionString: database.current().url, application_name: "forgotten" });
    await client.connect();
    await client.query("SELECT pg_advisory_lock(7240118)");
    return client;
  }

  test("keep their lock no longer than they run", () =>
    withPending(async (source, name) => {
      expect(await applyMigrations(pooled(), source)).toEqual({ applied: [name] });
      expect(await lastingLocks(nameOf(database.current().url))).toEqual([]);
      expect(await applyMigrations(pooled(), source)).toEqual({ applied: [] });
    }));

  test("of several starts at once are applied by one, and awaited by the others", () =>
    withPending(async (source, name) => {
      const outcomes = await Promise.all(
        [1, 2].map(() => applyMigrations(pooled(), source, { say: () => {} })),
      );
      expect(outcomes.flatMap(({ applied }) => applied)).toEqual([name]);
    }));

  test("wait for a lock that nobody gives back within a limit, and say for whom", () =>
    withPending(async (source) => {
      const forgotten = await leaked();
      const said: string[] = [];
      const waiting = applyMigrations(pooled(), source, { waitSeconds: 1, say: (line) => said.push(line) });
      await expect(waiting).rejects.toThrow(
        /more than 1 s \(server process \d+, forgotten, from 127\.0\.0\.1, since [\d:]+ UTC\)/,
      );
      expect(said).toEqual([
        expect.stringMatching(/^Waiting, 1 s at most, .* server process \d+, forgotten/),
      ]);
      await forgotten.end();
    }));

  test("wait for nobody where none is pending", async () => {
    const forgotten = await leaked();
    expect(await applyMigrations(pooled(), undefined, { waitSeconds: 0 })).toEqual({ applied: [] });
    await forgotten.end();
  });
});

describe.skipIf(!POOLER_INSTALLED)("a pooler's own trouble is told apart", () => {
  /** What goes wrong when two clients want a session at once, as each next round of attempts has it. */
  const kindsThrough = async (more: string, target: Record<string, string> | undefined, rounds: number) => {
    const troubled = await startPooler(new URL(database.current().url), more, target);
    const connectionString = troubled.urlOf(nameOf(database.current().url));
    const kinds: (string | undefined)[] = [];
    for (let round = 0; round < rounds; round++) {
      const clients: Client[] = [];
      try {
        for (let client = 0; client < 2; client++)
          clients.push(await connect({ connectionString, statement_timeout: 5_000 }));
        await Promise.all(clients.map((client) => client.query("BEGIN; SELECT 1")));
      } catch (error) {
        kinds.push(troubleOf(error)?.kind);
      }
      for (const client of clients) await client.end();
    }
    await troubled.stop();
    return kinds;
  };
  const IGNORE = "ignore_startup_parameters = statement_timeout,idle_in_transaction_session_timeout\n";

  test.each([
    ["limits that it refuses", ["pooler-parameter"], "", undefined],
    ["too many clients", ["too-many-connections"], `${IGNORE}max_client_conn = 1`, undefined],
    [
      "too few sessions",
      ["pooler-wait"],
      `${IGNORE}query_wait_timeout = 1\nmax_db_connections = 1`,
      undefined,
    ],
    ["a password that the server refuses it", ["wrong-password"], IGNORE, { password: "hunter2" }],
    ["a server that is not there", ["pooler-wait"], `${IGNORE}query_wait_timeout = 3`, { port: "1" }],
    ["a database that is not there", ["unknown-database"], IGNORE, { dbname: "nowhere" }],
  ])("%s", async (_, kinds, more, target) => {
    expect(await kindsThrough(more, target, kinds.length)).toEqual(kinds);
  });
});

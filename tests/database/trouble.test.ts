import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, chown, mkdtemp, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "@/lib/db/connection";
import { PrismaClient } from "@/lib/db/generated/client";
import {
  isOfDatabase,
  refuseOldServer,
  type Trouble,
  type TroubleKind,
  troubleLine,
  troubleOf,
} from "@/lib/db/trouble";
import { isDatabaseUnavailable } from "@/lib/db/unavailable";
import { type EmbeddedDatabase, freePort, startEmbeddedDatabase } from "@/lib/embedded-postgres";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { runCommand } from "../support/command";
import { testEnvironment } from "../support/postgres";

const PASSWORD = randomBytes(12).toString("hex");
const LIMITED = "limited";
let folder = "";
let server: EmbeddedDatabase;
/** Lets connect and never says a word. */
const silent = createServer();
let unusedPort = 0;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "petition-trouble-"));
  await chmod(folder, 0o755);
  server = await startEmbeddedDatabase(folder);
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => path.join(folder, name)) as [
    string,
    string,
  ];
  execFileSync(
    "openssl",
    // biome-ignore format: one option a line would hide the command.
    ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
      "-subj", "/CN=elsewhere.example", "-addext", "subjectAltName=DNS:elsewhere.example",
      "-keyout", key, "-out", certificate],
    { stdio: "ignore" },
  );
  const { uid, gid } = await stat(path.join(folder, "postgres", "PG_VERSION"));
  await chmod(key, 0o600);
  for (const file of [key, certificate]) await chown(file, uid, gid);
  await asOwner(
    `CREATE ROLE ${LIMITED} LOGIN PASSWORD '${PASSWORD}' CONNECTION LIMIT 1`,
    "CREATE TABLE closed ()",
    `ALTER SYSTEM SET ssl_key_file = '${key}'`,
    `ALTER SYSTEM SET ssl_cert_file = '${certificate}'`,
  );
  silent.listen(0, "127.0.0.1");
  await once(silent, "listening");
  unusedPort = await freePort();
});
afterAll(async () => {
  silent.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function asOwner(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

function changed(change: (url: URL) => void): string {
  const url = new URL(server.url);
  change(url);
  return url.href;
}

const asLimited = () =>
  changed((url) => {
    [url.username, url.password] = [LIMITED, PASSWORD];
  });

/** What goes wrong by the driver alone, and by Prisma on top of it. */
async function troubles(
  connectionString: string,
  sql = "SELECT 1",
  connectionTimeoutMillis = 10_000,
): Promise<unknown[]> {
  const client = new PrismaClient({
    adapter: new PrismaPg({ connectionString, connectionTimeoutMillis, max: 1 }),
  });
  const errors: unknown[] = [];
  await client.$queryRawUnsafe(sql).catch((error: unknown) => errors.push(error));
  await client.$disconnect();
  await connect({ connectionString, connectionTimeoutMillis })
    .then((raw) => raw.query(sql).finally(() => raw.end()))
    .catch((error: unknown) => errors.push(error));
  return errors;
}

async function expectTrouble(
  connectionString: string,
  expected: { kind: TroubleKind; code: string },
  sql?: string,
): Promise<void> {
  const errors = await troubles(connectionString, sql);
  expect(errors).toHaveLength(2);
  for (const error of errors) {
    expect(isOfDatabase(error)).toBe(true);
    const trouble = troubleOf(error) as Trouble;
    expect(trouble).toMatchObject(expected);
    const line = troubleLine(trouble);
    expect(line).toContain(`(${expected.code}): `);
    expect(line).not.toMatch(/\n|hunter2/);
    expect(line).not.toContain(PASSWORD);
    expect(isDatabaseUnavailable(error)).toBe(trouble.unavailable);
  }
}

describe("the kind of database trouble", () => {
  test("is a wrong password", () =>
    expectTrouble(
      changed((url) => {
        url.password = "hunter2";
      }),
      { kind: "wrong-password", code: "28P01" },
    ));

  test("is an unknown database", () =>
    expectTrouble(
      changed((url) => {
        url.pathname = "/nowhere";
      }),
      { kind: "unknown-database", code: "3D000" },
    ));

  test("is missing rights", () =>
    expectTrouble(asLimited(), { kind: "no-rights", code: "42501" }, "SELECT * FROM closed"));

  test("is a table that no migration has made yet", () =>
    expectTrouble(server.url, { kind: "not-migrated", code: "42P01" }, "SELECT * FROM signatures"));

  test("is a port where nothing listens", () =>
    expectTrouble(
      changed((url) => {
        url.port = String(unusedPort);
      }),
      { kind: "refused", code: "ECONNREFUSED" },
    ));

  test("is an unknown host", async () => {
    const errors = await troubles(
      changed((url) => {
        url.hostname = "database.invalid";
      }),
    );
    expect(errors.map((error) => troubleOf(error)?.kind)).toEqual(["unknown-host", "unknown-host"]);
  });

  test("is a host that does not answer", async () => {
    const errors = await troubles(
      changed((url) => {
        url.port = String((silent.address() as { port: number }).port);
      }),
      undefined,
      1_000,
    );
    expect(errors.map((error) => troubleOf(error)?.kind)).toEqual(["no-answer", "no-answer"]);
    expect(errors.every(isOfDatabase)).toBe(true);
  });

  test("is too many connections", async () => {
    const first = new Client({ connectionString: asLimited() });
    await first.connect();
    await expectTrouble(asLimited(), { kind: "too-many-connections", code: "53300" });
    await first.end();
  });

  test("is a standby, which accepts no changes", () =>
    expectTrouble(
      server.url,
      { kind: "read-only", code: "25006" },
      "DO $$ BEGIN SET LOCAL transaction_read_only = on; DELETE FROM closed; END $$",
    ));

  test("is a statement that took too long", () =>
    expectTrouble(
      changed((url) => {
        url.searchParams.set("statement_timeout", "50");
      }),
      { kind: "too-slow", code: "57014" },
      "SELECT pg_sleep(5)",
    ));

  test("is a server without TLS, one with another certificate, or a missing file", async () => {
    const kinds = async (query: string) =>
      (await troubles(`${server.url}?${query}`)).map((error) => troubleOf(error)?.kind);
    expect(await kinds("sslmode=verify-full")).toEqual(["tls-refused", "tls-refused"]);
    await asOwner("ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()");
    const ready = () => kinds("sslmode=verify-full");
    await expect.poll(ready).toEqual(["tls-certificate", "tls-certificate"]);
    const own = `sslrootcert=${path.join(folder, "certificate.pem")}`;
    expect(await kinds(`sslmode=verify-full&${own}`)).toEqual(["tls-certificate", "tls-certificate"]);
    expect(await kinds("sslmode=verify-full&sslrootcert=/nowhere/ca.pem")).toEqual([
      "missing-file",
      "missing-file",
    ]);
  });

  test("is a server that is too old", async () => {
    const client = await connect({ connectionString: server.url });
    const { rows } = await client.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    await client.end();
    const version = rows[0]?.version ?? 0;
    expect(() => refuseOldServer(version)).not.toThrow();
    let tooOld: Trouble | null = null;
    try {
      refuseOldServer(version, 99);
    } catch (error) {
      tooOld = troubleOf(error);
    }
    expect(tooOld).toMatchObject({ kind: "server-too-old", unavailable: false });
  });

  test.each([
    [
      "a pooler, whose errors have fewer fields than the server's",
      Object.assign(new Error("server login has been failing, try again later (server_login_retry)"), {
        severity: "FATAL",
        code: "08P01",
      }),
      "pooler-without-server",
    ],
    [
      "the driver, of a connection that has just broken",
      new Error("Client has encountered a connection error and is not queryable"),
      "connection-lost",
    ],
  ])("is recognised from %s", (_, error, kind) => {
    expect(isOfDatabase(error)).toBe(true);
    expect(troubleOf(error)?.kind).toBe(kind);
  });

  test("is none for other errors", async () => {
    const refused = await fetch(`http://127.0.0.1:${unusedPort}`).catch((error: unknown) => error);
    // The mail provider's, for example: the code alone is the same.
    expect(isOfDatabase(refused)).toBe(false);
    expect(troubleOf(new TypeError("x is not a function"))).toBeNull();
  });
});

describe("the report of database trouble on a terminal", () => {
  const command = (script: string, env: Record<string, string>, args: string[] = []) =>
    runCommand(script, { DATA_FOLDER: path.join(folder, "data"), ...env }, args);
  const wrongPassword = () => ({
    DATABASE_URL: changed((url) => {
      url.password = "hunter2";
    }),
  });

  test.each([
    ["migrate", []],
    ["admin", ["list"]],
    ["backup", ["never-made"]],
    ["restore", ["never-made"]],
    ["rotate-keys", []],
    ["seed", []],
  ] as [string, string[]][])(
    "is one line without a stack from npm run %s with a wrong password",
    async (script, args) => {
      const { ended, said } = command(script, wrongPassword(), args);
      expect(await ended).toBe(1);
      expect(said().trim().split("\n")).toEqual([
        expect.stringMatching(/^The database refuses .* \(28P01\): put /),
      ]);
    },
  );

  test("is one line from npm run migrate where nothing listens", async () => {
    const { ended, said } = command("migrate", {
      DATABASE_URL: changed((url) => {
        url.port = String(unusedPort);
      }),
    });
    expect(await ended).toBe(1);
    expect(said()).toMatch(/^The database is not there \(ECONNREFUSED\): .*\n$/);
  });

  test("comes once from the mail worker, which keeps trying", async () => {
    const { child, ended, said } = command("worker", wrongPassword());
    const lines = () =>
      said()
        .split("\n")
        .filter((line) => line.includes("the campaigns were not read"));
    await expect.poll(lines, { timeout: 20_000 }).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    child.kill("SIGTERM");
    await ended;
    expect(lines()).toHaveLength(1);
    for (const line of said().trim().split("\n")) {
      const told = JSON.parse(line) as Record<string, unknown>;
      expect(told).toMatchObject({ code: "28P01", trouble: "wrong-password" });
      expect(told.advice).toMatch(/^The database refuses .* \(28P01\): put /);
    }
    expect(said()).not.toContain("hunter2");
  });

  test("comes from a web server, which answers 503 meanwhile", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "tests/support/replica.ts"], {
      env: {
        ...(process.env as Record<string, string>),
        ...testEnvironment(""),
        ...wrongPassword(),
        NODE_ENV: "production",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stderr.on("data", (piece: Buffer) => {
      said += String(piece);
    });
    const [line] = await once(child.stdout, "data");
    const origin = `http://127.0.0.1:${Number(String(line).trim())}`;
    for (let signer = 0; signer < 3; signer++) {
      const signed = await fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}/signatures`, {
        method: "POST",
        headers: { "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({
          name: "Laila",
          email: `s${signer}@example.org`,
          country: "AF",
          consent: "yes",
          locale: "en",
        }),
      });
      expect([signed.status, await signed.json()]).toEqual([503, { error: "unavailable" }]);
      const figures = await fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}`);
      expect([figures.status, figures.headers.get("retry-after")]).toEqual([503, "5"]);
    }
    child.kill("SIGKILL");
    await once(child, "close");
    const events = said
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(events.filter(({ event }) => event === "the campaigns were not read, trying again")).toHaveLength(
      1,
    );
    for (const event of events)
      expect(event.advice ?? "").toMatch(/^The database refuses .* \(28P01\): put /);
  });
});

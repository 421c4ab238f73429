import { execFile, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyMigrations } from "@/lib/db/migrations";
import { grantServing } from "@/lib/db/serving-role";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@/lib/embedded-postgres";

const run = promisify(execFile);
const psqlInstalled = spawnSync("psql", ["--version"]).status === 0;
const ADMINISTRATOR = "administrator";
const adminPassword = randomBytes(12).toString("hex");
let home = "";
let secrets = "";
let server: EmbeddedDatabase;

beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), "petition-setup-"));
  await chmod(home, 0o755);
  secrets = path.join(home, "secrets");
  server = await startEmbeddedDatabase(home);
  // The embedded database's own owner has the name of the serving role: it makes way.
  const own = new URL(server.url);
  await asked(urlOf("/postgres", own.username, own.password), [
    "DROP DATABASE petition",
    // A provider's administrator is no superuser, as a rule.
    `CREATE ROLE ${ADMINISTRATOR} LOGIN CREATEROLE CREATEDB PASSWORD '${adminPassword}'`,
    "CREATE ROLE temporary LOGIN SUPERUSER PASSWORD 'temporary'",
  ]);
  await asked(urlOf("/postgres", "temporary", "temporary"), ["ALTER ROLE petition RENAME TO bootstrap"]);
}, 60_000);
afterAll(async () => {
  await server.stop();
  await rm(home, { recursive: true, force: true });
});

function urlOf(pathname: string, user: string, password: string): string {
  const url = new URL(server.url);
  [url.pathname, url.username, url.password] = [pathname, user, password];
  return url.href;
}

async function asked(url: string, statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query(statement));
    return rows;
  } finally {
    await client.end();
  }
}

const port = () => new URL(server.url).port;
const makeSecrets = () => run("deploy/setup.sh", [secrets, "127.0.0.1", port(), "none"]);
const psqlArguments = () => [
  "--host",
  "127.0.0.1",
  "--port",
  port(),
  "--username",
  ADMINISTRATOR,
  "postgres",
];
const makeRoles = () =>
  run("deploy/setup.sh", ["--roles", secrets, ...psqlArguments()], {
    env: { ...process.env, PGPASSWORD: adminPassword },
  });

async function contents(): Promise<Record<string, string>> {
  const names = (await readdir(secrets)).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(secrets, name), "utf8")])),
  );
}

const addressIn = async (name: string) => (await readFile(path.join(secrets, name), "utf8")).trim();

describe("the secrets", () => {
  test("are made once: run again, the script keeps them and makes what is missing", async () => {
    await makeSecrets();
    const first = await contents();
    expect(Object.keys(first)).toHaveLength(11);
    expect(new Set(Object.values(first)).size).toBe(11);
    await rm(path.join(secrets, "metrics_token"));
    await makeSecrets();
    const { metrics_token: again, ...kept } = await contents();
    const { metrics_token: before, ...others } = first;
    expect(kept).toEqual(others);
    expect(again).not.toBe(before);
  });

  test.each(["serving_password", "owner_password", "token_secret", "data_keys"])(
    "refuse an empty %s",
    async (name) => {
      const file = path.join(secrets, name);
      const before = await readFile(file);
      await writeFile(file, "\n");
      await expect(makeSecrets()).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(new RegExp(`^\\S+/${name} has 0 characters: .*\\n$`)),
      });
      await writeFile(file, before);
    },
  );

  test("without a folder, the script says how it is used", async () => {
    await expect(run("deploy/setup.sh")).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining("deploy/setup.sh FOLDER"),
    });
  });
});

describe.skipIf(!psqlInstalled)("the roles", () => {
  test("are not made with an empty password, by the script or without it", async () => {
    const file = path.join(secrets, "serving_password");
    const before = await readFile(file);
    await writeFile(file, "");
    await expect(makeRoles()).rejects.toMatchObject({ code: 1 });
    await writeFile(file, before);
    for (const env of [{}, { OWNER_PASSWORD: "", SERVING_PASSWORD: "" }, { OWNER_PASSWORD: "x".repeat(20) }])
      await expect(
        run("psql", ["--no-psqlrc", "--file", "deploy/roles.sql", ...psqlArguments()], {
          env: {
            PATH: process.env.PATH ?? "",
            PGPASSWORD: adminPassword,
            ...env,
          } as unknown as NodeJS.ProcessEnv,
        }),
      ).rejects.toMatchObject({ stderr: expect.stringContaining("must have at least 16 characters") });
    const administrator = urlOf("/postgres", ADMINISTRATOR, adminPassword);
    expect(await asked(administrator, ["SELECT FROM pg_roles WHERE rolname LIKE 'petition%'"])).toEqual([]);
  });

  test("are made, and made again: with their addresses the owner migrates and the other serves, under limits", async () => {
    for (const _ of ["first", "again"]) {
      await makeRoles();
      const [owner, serving] = [await addressIn("owner_database_url"), await addressIn("database_url")];
      await applyMigrations(owner);
      await grantServing(owner, "petition");
      expect(await asked(serving, ["SELECT count(*)::int AS campaigns FROM campaign"])).toEqual([
        { campaigns: 0 },
      ]);
      expect(await asked(serving, ["SHOW statement_timeout"])).toEqual([{ statement_timeout: "5s" }]);
      await expect(asked(serving, ["CREATE TABLE intruder ()"])).rejects.toMatchObject({ code: "42501" });
    }
  });

  test("get a new password when it was made anew", async () => {
    const old = await addressIn("database_url");
    for (const name of ["serving_password", "database_url"]) await rm(path.join(secrets, name));
    await makeSecrets();
    await makeRoles();
    expect(await addressIn("database_url")).not.toBe(old);
    expect(await asked(await addressIn("database_url"), ["SELECT 1 AS one"])).toEqual([{ one: 1 }]);
    await expect(asked(old, ["SELECT 1"])).rejects.toMatchObject({ code: "28P01" });
  });
});

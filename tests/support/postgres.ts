import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { applyMigrations } from "@/lib/db/migrations";
import { startEmbeddedDatabase } from "@/lib/embedded-postgres";

/** Set by `setup` for all test processes: the server whose template they copy. */
const SERVER_VARIABLE = "TEST_SERVER_URL";
const TEMPLATE = "petition_template";

/** A database of its own, migrated and empty. */
export type TestDatabase = {
  url: string;
  /** Runs one statement, for looking at what happened. */
  query<Row extends Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Drops it, whoever is still connected. */
  stop(): Promise<void>;
};

function withName(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/** Does work as the owner of a server, outside the databases under test. */
export async function onServer<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: withName(url, "postgres") });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Starts a PostgreSQL in a temporary folder, with the migrations applied to a template database. */
async function startServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), "petition-test-"));
  // As root, PostgreSQL runs as another user, who must get in; what is secret in there is closed by itself.
  await chmod(folder, 0o755);
  const server = await startEmbeddedDatabase(folder);
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await onServer(server.url, (client) => client.query(`CREATE DATABASE ${TEMPLATE}`));
    await applyMigrations(withName(server.url, TEMPLATE));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: server.url, stop };
}

/** Vitest's global setup: one server for all files of the run. */
export async function setup(): Promise<() => Promise<void>> {
  const server = await startServer();
  process.env[SERVER_VARIABLE] = server.url;
  return server.stop;
}

/**
 * A fresh database with the migrations applied, copied from a template in some 50 ms.
 * Without the run's own server (a file run by itself) it starts one, and stops it again.
 */
export async function startTestDatabase(): Promise<TestDatabase> {
  const shared = process.env[SERVER_VARIABLE];
  const server = shared === undefined ? await startServer() : { url: shared, stop: async () => {} };
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onServer(server.url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`));
  const url = withName(server.url, name);
  return {
    url,
    async query<Row extends Record<string, unknown>>(sql: string, values: unknown[] = []) {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        return (await client.query<Row>(sql, values)).rows;
      } finally {
        await client.end();
      }
    },
    async stop() {
      await onServer(server.url, (client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
      await server.stop();
    },
  };
}

/** An environment that `settings()` accepts, with secrets of this test alone. */
export function testEnvironment(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: "test",
    DATABASE_URL: databaseUrl,
    EMBEDDED_DATABASE: "1",
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("base64"),
    DATA_KEYS: `k1:${randomBytes(32).toString("base64")}`,
  };
}

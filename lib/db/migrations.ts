import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PrismaPg } from "@prisma/adapter-pg";
import type { MigrationList, SchemaEngine, SchemaFilter, SchemasContainer } from "@prisma/schema-engine-wasm";
import { type Client, Pool } from "pg";
import { connect, inLongTransaction, longWorkLimits } from "./connection";
import { OtherHistory, refuseOldServer } from "./trouble";

/** An arbitrary number that no other advisory lock in this database uses. */
const MIGRATION_LOCK_KEY = 7_240_118;
/**
 * Limit for connecting, and for each query, when only checking what is pending, in milliseconds.
 * A readiness check waits.
 */
const PENDING_LIMIT_MILLISECONDS = 900;
/** The same limits when applying migrations: a database that has just started may be slow. */
const START_LIMIT_MILLISECONDS = 10_000;
/** How long startup waits for another process that is applying migrations. */
const LOCK_WAIT_SECONDS = 300;
const LOCK_POLL_MILLISECONDS = 250;
/** Matches the statement with which the engine takes its own lock. */
const SESSION_LOCK = /\bpg_advisory_lock\b/;
/** Runs in the migration's own transaction, so a migration not marked as finished has changed nothing. */
const FINISH_MIGRATION = `DO $$ BEGIN IF to_regclass('_prisma_migrations') IS NOT NULL THEN
  UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
END IF; END $$`;
/** The engine refuses to continue after an interrupted migration until it is marked as rolled back. */
const UNDO_INTERRUPTED = `DO $$ BEGIN IF to_regclass('_prisma_migrations') IS NOT NULL THEN
  UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL AND rolled_back_at IS NULL;
END IF; END $$`;
const NO_FILTER: SchemaFilter = { externalTables: [], externalEnums: [] };

/** The folder with schema and migrations: the checkout's own `prisma` folder, except in tests. */
export type MigrationSource = { folder: string };

function defaultSource(): MigrationSource {
  return { folder: path.join(/* turbopackIgnore: true */ process.cwd(), "prisma") };
}

/** The exports of `schema_engine_bg.js` that its type file omits: how to pass it the WebAssembly instance. */
type EngineModule = {
  SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
} & WebAssembly.ModuleImports;

let engineModule: Promise<EngineModule> | undefined;

/** Loads Prisma's schema engine as WebAssembly, once per process: no download and no native binary. */
function loadEngine(): Promise<EngineModule> {
  engineModule ??= (async () => {
    const glue = (await import("@prisma/schema-engine-wasm/schema_engine_bg")) as unknown as EngineModule;
    const file = path.join(
      /* turbopackIgnore: true */ process.cwd(),
      "node_modules/@prisma/schema-engine-wasm/schema_engine_bg.wasm",
    );
    const { instance } = await WebAssembly.instantiate(await readFile(file), {
      "./schema_engine_bg.js": glue,
    });
    glue.__wbg_set_wasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === "function") start();
    return glue;
  })();
  return engineModule;
}

/** Returns the names of the migrations on disk, in the order they are applied. */
async function migrationNames(source: MigrationSource): Promise<string[]> {
  const entries = await readdir(path.join(source.folder, "migrations"), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function readMigrations(source: MigrationSource): Promise<MigrationList> {
  const baseDir = path.join(source.folder, "migrations");
  const lockfile = path.join(baseDir, "migration_lock.toml");
  const names = await migrationNames(source);
  return {
    baseDir,
    lockfile: {
      path: "./migration_lock.toml",
      content: await readFile(lockfile, "utf8").catch(() => 'provider = "postgresql"\n'),
    },
    shadowDbInitScript: "",
    migrationDirectories: await Promise.all(
      names.map(async (name) => ({
        path: name,
        migrationFile: {
          path: "migration.sql",
          content: {
            tag: "ok" as const,
            value: await readFile(path.join(baseDir, name, "migration.sql"), "utf8"),
          },
        },
      })),
    ),
  };
}

async function readSchema(source: MigrationSource): Promise<SchemasContainer> {
  const file = path.join(source.folder, "schema.prisma");
  return { files: [{ path: file, content: await readFile(file, "utf8") }] };
}

/** Opens the schema engine on a database while `work` runs. */
async function withEngine<T>(
  connectionString: string,
  source: MigrationSource,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const [{ SchemaEngine }, { PrismaPg: Adapter }, { bindMigrationAwareSqlAdapterFactory }] =
    await Promise.all([loadEngine(), import("@prisma/adapter-pg"), import("@prisma/driver-adapter-utils")]);
  const schema = await readSchema(source);
  // A separate pool: the engine leaves its connections open, and a template database must have none.
  const pool = new Pool({ connectionString, max: 2 });
  // A lost connection already fails the running query; without a
  // listener, the event would also end the process.
  pool.on("connect", (session) => session.on("error", () => {}));
  const engine = await SchemaEngine.new(
    { datamodels: schema.files.map((file): [string, string] => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(mended(new Adapter(pool), pool)),
  );
  try {
    return await work(engine);
  } catch (error) {
    throw new Error(engineMessage(error), { cause: error });
  } finally {
    engine.free();
    await pool.end();
  }
}

/**
 * Works around three problems in Prisma's adapter and engine.
 * The adapter splits scripts at every semicolon, even inside function bodies; here PostgreSQL receives the
 * whole script. Each migration runs in a transaction with its own limits, so it applies completely or not at
 * all. The engine's own lock is skipped: it belongs to a session, which a pooler would keep open for good,
 * and the caller holds a lock for just as long.
 */
function mended(factory: PrismaPg, pool: Pool): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      const session = await pool.connect();
      try {
        await session.query(`BEGIN; ${longWorkLimits()}`);
        await session.query(script);
        await session.query(FINISH_MIGRATION);
        await session.query("COMMIT");
        session.release();
      } catch (error) {
        // Dropping the connection rolls back anything uncommitted.
        session.release(true);
        throw error;
      }
    };
    const executeRaw = adapter.executeRaw.bind(adapter);
    adapter.executeRaw = async (query) => (SESSION_LOCK.test(query.sql) ? 0 : executeRaw(query));
    return adapter;
  };
  return factory;
}

/** Extracts the human-readable message from the engine's errors, which are JSON in text. */
function engineMessage(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === "object" && parsed !== null && "message" in parsed) return String(parsed.message);
  } catch {
    // Not JSON: the text itself is the message.
  }
  return text;
}

/**
 * Describes who holds the migration lock so that an operator
 * can find the process; null if nobody holds it any more.
 */
async function lockHolder(client: Client): Promise<string | null> {
  const { rows } = await client.query<{
    pid: number;
    name: string | null;
    client: string | null;
    since: string | null;
  }>(
    `SELECT pid, nullif(application_name, '') AS name, host(client_addr) AS client,
       to_char(coalesce(xact_start, state_change) AT TIME ZONE 'UTC', 'HH24:MI:SS') AS since
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = $1 AND objsubid = 1
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [MIGRATION_LOCK_KEY],
  );
  const [holder] = rows;
  if (!holder) return null;
  const since = holder.since === null ? "" : `, since ${holder.since} UTC`;
  return `server process ${holder.pid}, ${holder.name ?? "without a name"}, from ${holder.client ?? "this machine"}${since}`;
}

/**
 * Takes the migration lock for the current transaction. Unlike
 * a session lock, it cannot outlive us behind a pooler.
 * @throws when another process holds it beyond the limit; the message says which.
 */
async function takeMigrationLock(
  client: Client,
  { waitSeconds = LOCK_WAIT_SECONDS, say = console.error }: LockWait,
): Promise<void> {
  const deadline = performance.now() + waitSeconds * 1_000;
  for (let told = false; ; ) {
    const { rows } = await client.query<{ taken: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS taken", [
      MIGRATION_LOCK_KEY,
    ]);
    if (rows[0]?.taken) return;
    const holder = await lockHolder(client);
    if (holder !== null && performance.now() > deadline)
      throw new Error(
        `another process has held the migration lock for more than ${waitSeconds} s (${holder}): wait for it, or end it by SELECT pg_terminate_backend(PID)`,
      );
    if (holder !== null && !told) {
      say(`Waiting, ${waitSeconds} s at most, for another process that applies migrations: ${holder}`);
      told = true;
    }
    await sleep(LOCK_POLL_MILLISECONDS);
  }
}

/** How long to wait for another process that is applying migrations, and where to report which one it is. */
export type LockWait = { waitSeconds?: number; say?: (line: string) => void };

/**
 * Applies pending migrations in order.
 * Safe to repeat and to run from several processes at once: one applies, the others wait and find nothing to
 * do. Works behind a transaction pooler. When nothing is pending it only reads, and waits for nobody. An
 * interrupted migration (process killed, connection lost) left no changes and is applied again.
 * @returns the names of the migrations applied now.
 * @throws the engine's message when a migration fails.
 * @throws before applying any, when some are pending and the connection's role may not create tables.
 * @throws OtherHistory when the database has had migrations, but not our first.
 */
export async function applyMigrations(
  connectionString: string,
  source: MigrationSource = defaultSource(),
  wait: LockWait = {},
): Promise<{ applied: string[] }> {
  const nothing = { applied: [] };
  const atFirst = await readHistory(connectionString, source, START_LIMIT_MILLISECONDS);
  if (!atFirst.ours) throw new OtherHistory("the migrations of the database do not begin with our first");
  if (atFirst.pending.length === 0) return nothing;
  return inLongTransaction(connectionString, { name: "migrate" }, async (client) => {
    await takeMigrationLock(client, wait);
    const { pending } = await historyOn(client, source);
    if (pending.length === 0) return nothing;
    const { rows } = await client.query<{ allowed: boolean | null }>(
      "SELECT has_schema_privilege(current_schema(), 'CREATE') AS allowed",
    );
    if (!rows[0]?.allowed)
      throw new Error(
        `${pending.join(", ")} pending, and the role of DATABASE_URL may create no tables: first run npm run migrate with the DATABASE_URL of the role that owns them`,
      );
    // On a separate connection: the engine must see this change,
    // and our transaction lasts until the engine is done.
    await inLongTransaction(connectionString, { name: "migrate" }, (own) => own.query(UNDO_INTERRUPTED));
    const migrationsList = await readMigrations(source);
    return withEngine(connectionString, source, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
      return { applied: appliedMigrationNames };
    });
  });
}

/**
 * Returns the names of migrations on disk that the database has not finished.
 * Only reads, with short queries and without the engine.
 * @throws when the database is unreachable, or older than we support.
 */
export async function pendingMigrations(
  connectionString: string,
  source: MigrationSource = defaultSource(),
): Promise<string[]> {
  return (await readHistory(connectionString, source, PENDING_LIMIT_MILLISECONDS)).pending;
}

/** The state of a database's migrations. */
type History = {
  /** Names of migrations on disk that the database has not finished. */
  pending: string[];
  /**
   * False if it has finished migrations, but not our first.
   * It may have later ones than ours, from a newer release.
   */
  ours: boolean;
};

async function readHistory(
  connectionString: string,
  source: MigrationSource,
  limitMilliseconds: number,
): Promise<History> {
  const client = await connect({
    connectionString,
    connectionTimeoutMillis: limitMilliseconds,
    query_timeout: limitMilliseconds,
  });
  try {
    return await historyOn(client, source);
  } finally {
    await client.end();
  }
}

async function historyOn(client: Client, source: MigrationSource): Promise<History> {
  const server = await client.query<{ present: boolean; version: number }>(
    "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present, current_setting('server_version_num')::int AS version",
  );
  refuseOldServer(server.rows[0]?.version ?? 0);
  const { rows } = server.rows[0]?.present
    ? await client.query<{ name: string }>(
        `SELECT migration_name AS name FROM _prisma_migrations
         WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
      )
    : { rows: [] };
  const finished = new Set(rows.map(({ name }) => name));
  const names = await migrationNames(source);
  const [first] = names;
  return {
    pending: names.filter((name) => !finished.has(name)),
    ours: finished.size === 0 || (first !== undefined && finished.has(first)),
  };
}

/**
 * Returns the SQL that builds `prisma/schema.prisma` in an empty database.
 * To check that schema and migrations agree, run this SQL in one database and the migrations in another, and
 * compare their catalogues: the engine cannot read PostgreSQL's through this adapter (because of the
 * one-byte type "char"). CHECK constraints, triggers and functions are never included.
 * @param connectionString a database the engine may connect to; it is not changed.
 */
export async function diffSchema(
  connectionString: string,
  source: MigrationSource = defaultSource(),
): Promise<string> {
  const schema = await readSchema(source);
  return withEngine(connectionString, source, async (engine) => {
    const { stdout } = await engine.diff({
      from: { tag: "empty" },
      to: { tag: "schemaDatamodel", ...schema },
      script: true,
      exitCode: null,
      filters: NO_FILTER,
    });
    return (stdout ?? "").trim();
  });
}

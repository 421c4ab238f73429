import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { PrismaPg } from "@prisma/adapter-pg";
import type { MigrationList, SchemaEngine, SchemaFilter, SchemasContainer } from "@prisma/schema-engine-wasm";
import { Client, Pool } from "pg";

/** Any number that no other use of advisory locks in this database takes. */
const MIGRATION_LOCK_KEY = 7_240_118;
/** How long connecting, and then each query, may take when only asking what is pending: who asks about readiness waits. */
const PENDING_LIMIT_MILLISECONDS = 900;
const NO_FILTER: SchemaFilter = { externalTables: [], externalEnums: [] };

/** Where schema and migrations lie; the checkout's own `prisma` folder unless a test says otherwise. */
export type MigrationSource = { folder: string };

function defaultSource(): MigrationSource {
  return { folder: path.join(/* turbopackIgnore: true */ process.cwd(), "prisma") };
}

/** The part of `schema_engine_bg.js` that its type file leaves out: how the WebAssembly is handed to it. */
type EngineModule = {
  SchemaEngine: typeof SchemaEngine;
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
} & WebAssembly.ModuleImports;

let engineModule: Promise<EngineModule> | undefined;

/** Loads Prisma's schema engine as WebAssembly, once a process: no download, no native program. */
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

/** The names of the migrations on disk, in the order they are applied. */
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

/** Opens the engine on a database for the time of `work`. */
async function withEngine<T>(
  connectionString: string,
  source: MigrationSource,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const [{ SchemaEngine }, { PrismaPg: Adapter }, { bindMigrationAwareSqlAdapterFactory }] =
    await Promise.all([loadEngine(), import("@prisma/adapter-pg"), import("@prisma/driver-adapter-utils")]);
  const schema = await readSchema(source);
  // A pool of our own: the engine leaves its connections open, and a template database must have none.
  const pool = new Pool({ connectionString, max: 2 });
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
 * Prisma's adapter cuts a script at every semicolon, even within a function's body. PostgreSQL itself takes the script
 * whole, and then as one transaction: a migration happens completely or not at all.
 */
function mended(factory: PrismaPg, pool: Pool): PrismaPg {
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    adapter.executeScript = async (script) => {
      await pool.query(script);
    };
    return adapter;
  };
  return factory;
}

/** The engine's errors are JSON within text; this takes the words meant for people out of it. */
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

/** Holds the migration lock for the time of `work`; a second process waits here until the first is done. */
async function withMigrationLock<T>(
  connectionString: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK_KEY]);
    return await work(client);
  } finally {
    // Ending the connection gives the lock back, whatever happened.
    await client.end();
  }
}

/**
 * Applies the migrations that the database has not had yet, in order.
 * Safe to call again, and from several processes at once: one applies, the others wait and find nothing to do.
 * @returns the names of those applied now; throws with the engine's words when one fails, and before anything is tried
 *   when some are pending and the role of the connection may create no tables.
 */
export async function applyMigrations(
  connectionString: string,
  source: MigrationSource = defaultSource(),
): Promise<{ applied: string[] }> {
  return withMigrationLock(connectionString, async (client) => {
    const pending = await pendingMigrations(connectionString, source);
    if (pending.length === 0) return { applied: [] };
    const { rows } = await client.query<{ allowed: boolean | null }>(
      "SELECT has_schema_privilege(current_schema(), 'CREATE') AS allowed",
    );
    if (!rows[0]?.allowed)
      throw new Error(
        `${pending.join(", ")} pending, and the role of DATABASE_URL may create no tables: first run npm run migrate with the DATABASE_URL of the role that owns them`,
      );
    const migrationsList = await readMigrations(source);
    return withEngine(connectionString, source, async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: NO_FILTER });
      return { applied: appliedMigrationNames };
    });
  });
}

/**
 * The names of migrations on disk that the database has not finished. Only reads: one short query, no engine.
 * @throws when the database is out of reach.
 */
export async function pendingMigrations(
  connectionString: string,
  source: MigrationSource = defaultSource(),
): Promise<string[]> {
  const client = new Client({
    connectionString,
    connectionTimeoutMillis: PENDING_LIMIT_MILLISECONDS,
    query_timeout: PENDING_LIMIT_MILLISECONDS,
  });
  await client.connect();
  try {
    const table = await client.query<{ present: boolean }>(
      "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present",
    );
    const finished = table.rows[0]?.present
      ? await client.query<{ name: string }>(
          "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL",
        )
      : { rows: [] };
    const done = new Set(finished.rows.map((row) => row.name));
    return (await migrationNames(source)).filter((name) => !done.has(name));
  } finally {
    await client.end();
  }
}

/**
 * The SQL that builds `prisma/schema.prisma` in an empty database. To see whether schema and migrations agree, run it
 * in one database, the migrations in another, and compare their catalogues: the engine itself cannot read PostgreSQL's
 * through this adapter (its one-byte type "char"). CHECK constraints, triggers and functions are never part of it.
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

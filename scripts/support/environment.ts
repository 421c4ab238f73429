import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { connectOrStart, type EmbeddedDatabase } from "@/lib/db/embedded";
import { readSettings, type Settings } from "@/lib/settings";

export type Environment = Record<string, string>;

/** What a command works with: the environment for itself and its children, checked, and the database if we run it. */
export type Prepared = { env: Environment; settings: Settings; dataFolder: string };

const LASTING_SECRETS = ["NEXTAUTH_SECRET", "TOKEN_SECRET", "DATA_KEYS"] as const;
type LastingSecrets = Record<(typeof LASTING_SECRETS)[number], string>;
/** Stands in for the embedded database's address while settings are checked before it runs. */
const ADDRESS_TO_COME = "postgresql://embedded.invalid/petition";

/** A fault in what the operator gave: its message is shown as it is, without a stack. */
export class OperatorError extends Error {}

/** Where the embedded default keeps its state. */
export function dataFolder(): string {
  return path.resolve(process.env.DATA_FOLDER || ".data");
}

/** The secrets of this checkout, made at the first call. Two first calls at once agree on one set. */
async function generatedSecrets(folder: string): Promise<LastingSecrets> {
  const file = path.join(folder, "secrets.json");
  if (!existsSync(file)) {
    const fresh: LastingSecrets = {
      NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
      TOKEN_SECRET: randomBytes(32).toString("base64"),
      DATA_KEYS: `k1:${randomBytes(32).toString("base64")}`,
    };
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const growing = `${file}.${process.pid}`;
    await writeFile(growing, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
    // A link appears whole or not at all, and never replaces what another process made first.
    await link(growing, file).catch((error: unknown) => {
      if (!existsSync(file)) throw error;
    });
    await unlink(growing);
  }
  return JSON.parse(await readFile(file, "utf8")) as LastingSecrets;
}

/**
 * Reads the operator's environment (and `.env`), fills in generated secrets where the contract allows it, and checks it.
 * @throws OperatorError with one line for each wrong variable.
 */
export async function prepare(): Promise<Prepared> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  const env: Environment = {};
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) env[name] = value;
  const embedded = !env.DATABASE_URL?.trim();
  const folder = dataFolder();
  // Only we may say that the database is ours: it decides whether the mailbox can be read.
  delete env.EMBEDDED_DATABASE;
  if (embedded) {
    env.DATABASE_URL = ADDRESS_TO_COME;
    env.EMBEDDED_DATABASE = "1";
  }
  if (embedded || env.NODE_ENV !== "production") {
    const secrets = LASTING_SECRETS.some((name) => !env[name]?.trim())
      ? await generatedSecrets(folder)
      : null;
    for (const name of LASTING_SECRETS) if (secrets !== null && !env[name]?.trim()) env[name] = secrets[name];
  }
  const reading = readSettings(env);
  if (!reading.ok) throw new OperatorError(reading.problems.join("\n"));
  return { env, settings: reading.settings, dataFolder: folder };
}

/** Starts or joins the embedded database when the operator gave none, and puts its address into the environment. */
export async function connectDatabase(prepared: Prepared): Promise<EmbeddedDatabase | null> {
  if (!prepared.settings.embeddedDatabase) return null;
  const database = await connectOrStart(prepared.dataFolder);
  prepared.env.DATABASE_URL = database.url;
  return database;
}

/**
 * Runs a command that needs the database: `work` finds everything in `process.env`, so `settings()` holds in it.
 * A database that was started for it is stopped afterwards. Faults are printed as one line and exit with 1.
 */
export async function withDatabase(work: (databaseUrl: string) => Promise<void>): Promise<void> {
  await reportingFaults(async () => {
    const prepared = await prepare();
    const database = await connectDatabase(prepared);
    Object.assign(process.env, prepared.env);
    try {
      await work(prepared.env.DATABASE_URL ?? "");
    } finally {
      await database?.stop();
    }
  });
}

/** Runs `work`; an operator's fault is shown as its message alone, any other with its stack. Exit code 1 for both. */
export async function reportingFaults(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof OperatorError ? error.message : error);
    process.exitCode = 1;
  }
}

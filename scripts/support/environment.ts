import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, readFile, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { applyMigrations } from "@/lib/db/migrations";
import { troubleLine, troubleOf } from "@/lib/db/trouble";
import { connectOrStart, type EmbeddedDatabase } from "@/lib/embedded-postgres";
import { log } from "@/lib/log";
import {
  LASTING_SECRETS,
  type LastingSecret,
  readSettings,
  type Settings,
  settingNames,
  unencryptedConnections,
  withSecretsFromFiles,
} from "@/lib/settings";
import { misspelt } from "@/scripts/support/misspelt";

export type Environment = Record<string, string>;

/**
 * What a command works with: the checked environment for itself and its children, its settings and the data
 * folder.
 */
export type Prepared = { env: Environment; settings: Settings; dataFolder: string };

type LastingSecrets = Record<LastingSecret, string>;
/** Placeholder for the embedded database's address, used to check settings before the database runs. */
const ADDRESS_TO_COME = "postgresql://embedded.invalid/petition";

/** An operator's mistake: its message is shown as it is, without a stack. */
export class OperatorError extends Error {}

/** Returns where the embedded default keeps its state. */
function dataFolder(): string {
  return path.resolve(process.env.DATA_FOLDER || ".data");
}

function freshSecrets(): LastingSecrets {
  return {
    NEXTAUTH_SECRET: randomBytes(32).toString("base64"),
    TOKEN_SECRET: randomBytes(32).toString("base64"),
    DATA_KEYS: `k1:${randomBytes(32).toString("base64")}`,
  };
}

/** Returns this checkout's secrets, made at the first call. Concurrent first calls agree on one set. */
async function generatedSecrets(folder: string): Promise<LastingSecrets> {
  const file = path.join(folder, "secrets.json");
  if (!existsSync(file)) {
    const fresh = freshSecrets();
    await mkdir(folder, { recursive: true, mode: 0o755 });
    const growing = `${file}.${process.pid}`;
    await writeFile(growing, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
    // A link is created atomically and never replaces what another process made first.
    await link(growing, file).catch((error: unknown) => {
      if (!existsSync(file)) throw error;
    });
    await unlink(growing);
  }
  return JSON.parse(await readFile(file, "utf8")) as LastingSecrets;
}

/**
 * Reads the operator's environment (and `.env`), adds generated secrets where the contract allows it, and
 * checks it.
 * @param needed the lasting secrets that this process uses. Any other that is not given is replaced by a
 * random one, so that a process need not be given secrets it does not use.
 * @throws OperatorError with one line for each wrong variable.
 */
export async function prepare(needed: readonly LastingSecret[] = LASTING_SECRETS): Promise<Prepared> {
  if (existsSync(".env")) process.loadEnvFile(".env");
  for (const { name, ours } of misspelt(Object.keys(process.env), settingNames()))
    console.error(`${name} is set, and no setting of ours: ${ours} was meant, perhaps. It is ignored.`);
  const fromFiles = withSecretsFromFiles(process.env);
  if (fromFiles.problems.length > 0) throw new OperatorError(fromFiles.problems.join("\n"));
  const env: Environment = {};
  for (const [name, value] of Object.entries(fromFiles.env)) if (value !== undefined) env[name] = value;
  const embedded = !env.DATABASE_URL?.trim();
  const folder = dataFolder();
  // Only we may declare the database embedded: it decides whether the mailbox can be read.
  delete env.EMBEDDED_DATABASE;
  if (embedded) {
    env.DATABASE_URL = ADDRESS_TO_COME;
    env.EMBEDDED_DATABASE = "1";
  }
  if (embedded || env.NODE_ENV !== "production") {
    const secrets = needed.some((name) => !env[name]?.trim()) ? await generatedSecrets(folder) : null;
    for (const name of LASTING_SECRETS) if (secrets !== null && !env[name]?.trim()) env[name] = secrets[name];
  }
  const unknown = freshSecrets();
  for (const name of LASTING_SECRETS)
    if (!needed.includes(name) && !env[name]?.trim()) env[name] = unknown[name];
  const reading = readSettings(env);
  if (!reading.ok) throw new OperatorError(reading.problems.join("\n"));
  const { settings } = reading;
  const unencrypted = settings.production
    ? unencryptedConnections({ ...settings, databaseUrl: embedded ? null : settings.databaseUrl })
    : [];
  if (unencrypted.length > 0) throw new OperatorError(unencrypted.join("\n"));
  return { env, settings, dataFolder: folder };
}

/**
 * Refuses to start a production site without a mail provider, since no signer could confirm.
 * @param sends whether this process, or one it starts, sends mail and so needs the provider's key. A web
 * process whose worker runs separately has no key; MAIL_PROVIDER tells it that there is a provider.
 * @throws OperatorError with one line.
 */
export function requireMailProvider({ env, settings }: Prepared, sends: boolean): void {
  if (!settings.production || !env.SITE_URL?.trim()) return;
  if (sends ? settings.resendApiKey !== null : settings.mailProvider) return;
  throw new OperatorError(
    `RESEND_API_KEY is unset: it must be set when NODE_ENV is production and SITE_URL is set, or no mail goes out, for example re_123456789${
      sends ? "" : " (or MAIL_PROVIDER=resend, when only the worker is given the key)"
    }`,
  );
}

/**
 * Starts or joins the embedded database if the operator gave none, and puts its address into the environment.
 */
export async function connectDatabase(prepared: Prepared): Promise<EmbeddedDatabase | null> {
  if (!prepared.settings.embeddedDatabase) return null;
  const database = await connectOrStart(prepared.dataFolder);
  prepared.env.DATABASE_URL = database.url;
  return database;
}

/** Replaces the process environment with the checked one, so that `settings()` works from here on. */
export function adopt({ env }: Prepared): void {
  // Values read from files are now set under their own names, and each may be given in one way only.
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
}

/**
 * Applies pending migrations.
 * @returns their names.
 * @throws OperatorError with one line if that fails.
 */
export async function bringUpToDate(databaseUrl: string): Promise<string[]> {
  const { applied } = await applyMigrations(databaseUrl).catch((error: unknown) => {
    const trouble = troubleOf(error);
    throw new OperatorError(
      trouble === null ? `The migrations could not be applied: ${firstLine(error)}` : troubleLine(trouble),
    );
  });
  return applied;
}

/** The secrets of commands that work on signatures; only the web server signs anybody in. */
const SECRETS_OF_SIGNATURES: readonly LastingSecret[] = ["TOKEN_SECRET", "DATA_KEYS"];

/**
 * Runs a command that needs the database. `work` finds everything in `process.env`, so `settings()` works in
 * it. If the database was started for the command, it is stopped afterwards. Errors are printed as one line
 * and exit with 1.
 * @param needed the lasting secrets that the command uses.
 * @param options.sendsMail true for the mail worker, which does not start in production without a provider.
 */
export async function withDatabase(
  work: (databaseUrl: string) => Promise<void>,
  needed: readonly LastingSecret[] = SECRETS_OF_SIGNATURES,
  { sendsMail = false }: { sendsMail?: boolean } = {},
): Promise<void> {
  await withErrorReport(async () => {
    const prepared = await prepare(needed);
    if (sendsMail) requireMailProvider(prepared, true);
    const database = await connectDatabase(prepared);
    adopt(prepared);
    try {
      await work(prepared.env.DATABASE_URL ?? "");
    } finally {
      await database?.stop();
    }
  });
}

/**
 * Formats an error for a terminal, without a stack. Unexpected errors are also logged with their code and
 * place.
 */
export function faultLine(error: unknown): string {
  if (error instanceof OperatorError) return error.message;
  const trouble = troubleOf(error);
  if (trouble !== null) return troubleLine(trouble);
  log.error("a command failed", error);
  return firstLine(error);
}

function firstLine(error: unknown): string {
  const [line = "", ...more] = (error instanceof Error ? error.message : String(error)).trim().split("\n");
  // Prisma puts the actual cause last.
  return more.length === 0 ? line : `${line} ${more.at(-1)}`;
}

/** Runs `work`. On an error, prints one line and sets exit code 1. */
export async function withErrorReport(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(faultLine(error));
    process.exitCode = 1;
  }
}

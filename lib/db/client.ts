import { PrismaPg } from "@prisma/adapter-pg";
import { Pool } from "pg";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";
import { longWorkLimits } from "./connection";
import { type Prisma, PrismaClient } from "./generated/client";

/** Connections per process. Two web processes and a worker stay far below PostgreSQL's usual limit of 100. */
const POOL_CONNECTIONS = 10;
/** How long a request waits for a connection, in milliseconds, before it is told that the service is busy. */
const CONNECTION_TIMEOUT_MILLISECONDS = 1_500;
/** The longest that a request's statement may run, in milliseconds. */
const STATEMENT_TIMEOUT_MILLISECONDS = 5_000;
/** No reply for this long means that the database hangs: the statement timeout should have fired by now. */
const SILENCE_MILLISECONDS = 6_000;
/** The longest that a long transaction may run, or wait for the previous one, in milliseconds. */
const LONG_WORK_MILLISECONDS = 6 * 3_600_000;

const state = perProcess(
  "db/client",
  (): { prisma?: PrismaClient; databasePool?: Pool; longWork?: PrismaClient } => ({}),
);

/** Returns the database client. Created on first use, so that a build needs no database. */
export function database(): PrismaClient {
  if (state.prisma) return state.prisma;
  state.databasePool = new Pool({
    connectionString: requireDatabaseUrl(),
    max: POOL_CONNECTIONS,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MILLISECONDS,
    statement_timeout: STATEMENT_TIMEOUT_MILLISECONDS,
    query_timeout: SILENCE_MILLISECONDS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MILLISECONDS * 2,
  });
  state.prisma = new PrismaClient({
    adapter: new PrismaPg(state.databasePool, { disposeExternalPool: true }),
  });
  return state.prisma;
}

/**
 * Opens the pool's connections so that the first requests need not wait.
 * Ignores errors; those requests will report them.
 */
export async function openConnections(): Promise<void> {
  const prisma = database();
  await Promise.allSettled(Array.from({ length: POOL_CONNECTIONS }, () => prisma.$queryRaw`SELECT 1`));
}

/** A transaction of a `PrismaClient`. */
export type Transaction = Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];

/**
 * Runs long work in a transaction with its own limits, on a connection separate from the request pool.
 * Only one runs at a time; others wait.
 */
export function longTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
  state.longWork ??= new PrismaClient({
    adapter: new PrismaPg({ connectionString: requireDatabaseUrl(), max: 1 }),
  });
  return state.longWork.$transaction(
    async (transaction) => {
      // Sent one by one: a prepared statement can hold only one command.
      for (const limit of longWorkLimits().split("; ")) await transaction.$executeRawUnsafe(limit);
      return work(transaction);
    },
    { timeout: LONG_WORK_MILLISECONDS, maxWait: LONG_WORK_MILLISECONDS },
  );
}

/**
 * Reads many rows through `pg` directly, because Prisma takes
 * longer to convert rows than the database to find them.
 * @returns rows as `pg` parses them, which for the columns read this way gives the same types.
 */
export async function readMany<Row extends Record<string, unknown>>({
  text,
  values,
}: Prisma.Sql): Promise<Row[]> {
  database();
  if (!state.databasePool) throw new Error("the pool is there once the database is open");
  return (await state.databasePool.query<Row>(text, values)).rows;
}

/** Returns this process's connection pool for monitoring; undefined before first use. */
export function databasePool(): Pick<Pool, "totalCount" | "idleCount" | "waitingCount"> | undefined {
  return state.databasePool;
}

/** Closes all connections. For processes that are about to exit. */
export async function closeDatabase(): Promise<void> {
  await state.prisma?.$disconnect();
  await state.longWork?.$disconnect();
  delete state.prisma;
  delete state.longWork;
  delete state.databasePool;
}

function requireDatabaseUrl(): string {
  const { databaseUrl } = settings();
  if (databaseUrl === null)
    throw new Error("DATABASE_URL is unset and no embedded database runs: start with npm start");
  return databaseUrl;
}

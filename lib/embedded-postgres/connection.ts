import { Client } from "pg";
import { SUPERUSER } from "./cluster";
import { HOST } from "./ports";

/** The application's database. */
export const DATABASE = "petition";
const CONNECT_LIMIT_MS = 5_000;

/** What is needed to connect to one of our servers. */
export type Access = { password: string; port: number };

/** Returns the connection string of a database. It contains the password: do not print it. */
export function connectionUrl({ password, port }: Access, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@${HOST}:${port}/${database}`;
}

/** Creates the application's database unless it exists. Throws while the server does not answer. */
export async function ensureDatabase(access: Access): Promise<void> {
  const found = await query(access, `SELECT 1 FROM pg_database WHERE datname = '${DATABASE}'`);
  if (found.length === 0) await query(access, `CREATE DATABASE ${DATABASE}`);
}

async function query(access: Access, sql: string): Promise<unknown[]> {
  const client = new Client({
    connectionString: connectionUrl(access, "postgres"),
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

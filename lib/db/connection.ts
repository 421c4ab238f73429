import { hostname } from "node:os";
import { Client, type ClientConfig } from "pg";

/** How long connecting may take, in milliseconds, unless the caller has less time. */
const CONNECT_LIMIT_MILLISECONDS = 10_000;
/** The longest a statement of long work may run, in milliseconds: one that hangs must end some day. */
const LONG_STATEMENT_MILLISECONDS = 6 * 3_600_000;
/** Longer names are cut by PostgreSQL. */
const APPLICATION_NAME_MAX_CHARACTERS = 63;

/** A connection that could not be made; `cause` says why. */
class ConnectionFailed extends Error {
  override readonly name = "ConnectionFailed";
}

/**
 * Opens a connection outside the pool. The caller ends it.
 * A pooler may give each transaction another session of the server: nothing may be set for longer than a transaction.
 * @throws ConnectionFailed
 */
export async function connect(config: ClientConfig): Promise<Client> {
  try {
    const client = new Client({ connectionTimeoutMillis: CONNECT_LIMIT_MILLISECONDS, ...config });
    // A lost connection fails the query under way; unheard, the event would also end the process.
    client.on("error", () => {});
    await client.connect();
    return client;
  } catch (error) {
    throw new ConnectionFailed("no connection to the database", { cause: error });
  }
}

export type LongWork = {
  /** Shown in pg_stat_activity, with machine and process. */
  name: string;
  /** The longest that one statement may run, in milliseconds. */
  statementMilliseconds?: number;
  /** How the transaction begins. */
  begin?: "BEGIN" | "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
};

/**
 * Opens a connection and begins a transaction with limits of its own, whatever the role's, the pooler's or the
 * application's limits are. They end with the transaction. The caller commits and ends the connection.
 */
export async function beginLongWork(
  connectionString: string,
  { name, statementMilliseconds = LONG_STATEMENT_MILLISECONDS, begin = "BEGIN" }: LongWork,
): Promise<Client> {
  const client = await connect({ connectionString, application_name: applicationName(name) });
  try {
    await client.query(begin);
    await client.query(longWorkLimits(statementMilliseconds));
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Does work in one long transaction and commits it; what was not committed is undone. */
export async function inLongTransaction<T>(
  connectionString: string,
  options: LongWork,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = await beginLongWork(connectionString, options);
  try {
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } finally {
    await client.end();
  }
}

/** SQL that gives the transaction under way the limits of long work. */
export function longWorkLimits(statementMilliseconds = LONG_STATEMENT_MILLISECONDS): string {
  return `SET LOCAL statement_timeout = ${statementMilliseconds}; SET LOCAL idle_in_transaction_session_timeout = 0`;
}

function applicationName(name: string): string {
  return `petition ${name} ${process.pid}@${hostname()}`.slice(0, APPLICATION_NAME_MAX_CHARACTERS);
}

import { hostname } from "node:os";
import { Client, type ClientConfig } from "pg";

/** How long connecting may take, in milliseconds, unless the caller sets its own limit. */
const CONNECT_LIMIT_MILLISECONDS = 10_000;
/**
 * The longest that one statement of long work may run, in milliseconds, so that a hung one ends eventually.
 */
const LONG_STATEMENT_MILLISECONDS = 6 * 3_600_000;
/** PostgreSQL truncates longer names. */
const APPLICATION_NAME_MAX_CHARACTERS = 63;

/** Connecting failed; `cause` says why. */
class ConnectionFailed extends Error {
  override readonly name = "ConnectionFailed";
}

/**
 * Opens a connection outside the pool. The caller closes it.
 * Behind a pooler, each transaction may run in a different
 * server session, so set nothing for longer than a transaction.
 * @throws ConnectionFailed
 */
export async function connect(config: ClientConfig): Promise<Client> {
  try {
    const client = new Client({ connectionTimeoutMillis: CONNECT_LIMIT_MILLISECONDS, ...config });
    // A lost connection already fails the running query; without a
    // listener, the event would also end the process.
    client.on("error", () => {});
    await client.connect();
    return client;
  } catch (error) {
    throw new ConnectionFailed("no connection to the database", { cause: error });
  }
}

export type LongWork = {
  /** Shown in pg_stat_activity, with process id and host name. */
  name: string;
  /** The longest that one statement may run, in milliseconds. */
  statementMilliseconds?: number;
  begin?: "BEGIN" | "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
};

/**
 * Opens a connection and begins a transaction with its own
 * limits, overriding those of the role, pooler or application.
 * The limits end with the transaction. The caller commits and closes the connection.
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

/** Runs work in one long transaction and commits it. Rolls back if the work throws. */
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

/** Returns SQL that applies the limits of long work to the current transaction. */
export function longWorkLimits(statementMilliseconds = LONG_STATEMENT_MILLISECONDS): string {
  return `SET LOCAL statement_timeout = ${statementMilliseconds}; SET LOCAL idle_in_transaction_session_timeout = 0`;
}

function applicationName(name: string): string {
  return `petition ${name} ${process.pid}@${hostname()}`.slice(0, APPLICATION_NAME_MAX_CHARACTERS);
}

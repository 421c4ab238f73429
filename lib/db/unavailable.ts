/** Seconds after which a client may try again when the database did not answer. */
export const RETRY_AFTER_SECONDS = 5;

/** What PostgreSQL, its driver and Prisma say when the database cannot be reached or is too busy to answer in time. */
const UNAVAILABLE =
  /P1001|P1002|P1008|P1017|P2024|P2037|DatabaseNotReachable|TooManyConnections|SocketTimeout|ConnectionClosed|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|57P0[123]|57014|53[0-9]{3}|08[0-9A-Z]{3}|timeout exceeded when trying to connect|Connection terminated|Query read timeout|the database system is|is not currently accepting connections/;

/** Whether an error means "the database is out of reach", rather than a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return describe(error).some((text) => UNAVAILABLE.test(text));
}

function describe(error: unknown, depth = 0): string[] {
  if (typeof error !== "object" || error === null || depth > 4) return [];
  const { name, code, message, cause, kind, originalCode, meta, driverAdapterError } = error as Record<
    string,
    unknown
  >;
  const own = [name, code, message, kind, originalCode].filter((value) => typeof value === "string");
  return [...own, ...[cause, meta, driverAdapterError].flatMap((inner) => describe(inner, depth + 1))];
}

import { troubleOf } from "./trouble";

/** How long a client should wait before retrying when the database is unreachable, in seconds. */
export const RETRY_AFTER_SECONDS = 5;

/** Returns whether an error means that the database is unavailable, rather than a bug of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return troubleOf(error)?.unavailable ?? false;
}

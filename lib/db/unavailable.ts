import { troubleOf } from "./trouble";

/** Seconds after which a client may try again when the database did not answer. */
export const RETRY_AFTER_SECONDS = 5;

/** Whether an error means "the database is out of reach", rather than a fault of ours. */
export function isDatabaseUnavailable(error: unknown): boolean {
  return troubleOf(error)?.unavailable ?? false;
}

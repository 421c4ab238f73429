/** Formats a time for the desk, in UTC to the minute. */
export function moment(at: Date | null): string {
  return at === null ? "–" : at.toISOString().slice(0, 16).replace("T", " ");
}

/** Formats a date for the desk, in UTC. */
export function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

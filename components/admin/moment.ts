/** A time as the desk shows it, in UTC to the minute. */
export function moment(at: Date | null): string {
  return at === null ? "–" : at.toISOString().slice(0, 16).replace("T", " ");
}

/** A day as the desk shows it, in UTC. */
export function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}

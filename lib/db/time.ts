/**
 * Returns whether the database can hold a time.
 * PostgreSQL has no year 0, and cannot read five-digit years as we write them.
 */
export function isStorable(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

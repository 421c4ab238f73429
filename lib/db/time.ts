/** Whether the database can hold a time: PostgreSQL has no year 0, and reads no year of five digits as we write it. */
export function isStorable(time: Date): boolean {
  const year = time.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

/** Removes NUL and lone surrogates, which PostgreSQL text cannot store and nobody types. */
export function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}

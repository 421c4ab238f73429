/** Longer than any slug in use; what is longer names no campaign. */
const SLUG_MAX_CHARACTERS = 100;

/** Whether a text from an address could name a campaign. PostgreSQL refuses some that could not, as any with a NUL. */
export function isSlug(text: string): boolean {
  return text.length <= SLUG_MAX_CHARACTERS && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}

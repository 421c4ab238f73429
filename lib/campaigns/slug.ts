/** Longer than any slug in use. A longer text names no campaign. */
const SLUG_MAX_CHARACTERS = 100;

/** Whether a text from a URL could name a campaign. Rejects what PostgreSQL refuses, such as NUL. */
export function isSlug(text: string): boolean {
  return text.length <= SLUG_MAX_CHARACTERS && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text);
}

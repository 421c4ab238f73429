/** Longer than any slug in use. A longer text names no campaign. */
const SLUG_MAX_CHARACTERS = 100;

/** Addresses that are no campaign's: the folders of `app/admin`, and the pages directly below a language. */
export const RESERVED_SLUGS: ReadonlySet<string> = new Set([
  "enrol",
  "settings",
  "sign-in",
  "sign-out",
  "confirm",
  "privacy",
  "signature",
]);

/** Whether a text could name a campaign. Rejects what PostgreSQL refuses, such as NUL. */
export function isSlug(text: string): boolean {
  return (
    text.length <= SLUG_MAX_CHARACTERS && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(text) && !RESERVED_SLUGS.has(text)
  );
}

/** The longest origin that is stored, in characters. */
export const ORIGIN_MAX_CHARACTERS = 255;

/** Returns the origin (RFC 6454) of a web address, or null if it has none that a site could have. */
export function originOf(address: unknown): string | null {
  if (typeof address !== "string" || !URL.canParse(address)) return null;
  const { protocol, origin } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") return null;
  return origin.length <= ORIGIN_MAX_CHARACTERS ? origin : null;
}

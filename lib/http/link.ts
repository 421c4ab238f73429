import { TOKEN_BYTES } from "@/lib/db/keyed-hash";

/** A token of ours is so many characters of base64url (RFC 4648, 5). */
const TOKEN_CHARACTERS = Math.ceil((TOKEN_BYTES * 4) / 3);
const TOKEN = new RegExp(`^[\\w-]{${TOKEN_CHARACTERS}}(?=[_-]*$)`);

/**
 * The last part of a link without what mail programs and messengers take along from the text around it: a full stop, a
 * bracket, a quotation mark, in any script. Percent-encoding is undone first.
 */
export function withoutTrailing(part: string): string {
  return decoded(part)
    .replace(/^[^\p{L}\p{N}_-]+|[^\p{L}\p{N}_-]+$/gu, "")
    .normalize("NFC");
}

/** The token in a mailed link, or in the field that repeats it. A text that holds none of ours comes back as no known one. */
export function mailedToken(part: unknown): string {
  if (typeof part !== "string") return "";
  const text = withoutTrailing(part);
  return TOKEN.exec(text)?.[0] ?? text;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

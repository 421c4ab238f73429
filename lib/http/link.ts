import { TOKEN_BYTES } from "@/lib/db/keyed-hash";

/** Length of our tokens in base64url (RFC 4648, 5). */
const TOKEN_CHARACTERS = Math.ceil((TOKEN_BYTES * 4) / 3);
const TOKEN = new RegExp(`^[\\w-]{${TOKEN_CHARACTERS}}(?=[_-]*$)`);

/**
 * Returns the last part of a link, without punctuation that mail programs and messengers include from the
 * surrounding text: full stops, brackets, quotation marks, in any script.
 * Decodes percent-encoding first.
 */
export function withoutTrailing(part: string): string {
  return decoded(part)
    .replace(/^[^\p{L}\p{N}_-]+|[^\p{L}\p{N}_-]+$/gu, "")
    .normalize("NFC");
}

/**
 * Extracts the token from a mailed link, or from the form field that repeats it.
 * Text without one of our tokens is returned as it is and matches none.
 */
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

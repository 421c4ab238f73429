/** Formats bytes the way PostgreSQL reads bytea from JSON (PostgreSQL, "Binary Data Types", hex format). */
export function asBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

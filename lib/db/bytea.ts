/** A value of type bytea as PostgreSQL reads it out of JSON (PostgreSQL, "Binary Data Types", hex format). */
export function asBytea(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

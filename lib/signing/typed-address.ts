import { open, seal } from "@/lib/db/encryption";

/** Sealed addresses are of a length that many share: the next multiple of this, in bytes. */
const PADDED_TO_BYTES = 64;

/** Seals an address for the one mail that goes to it. */
export function sealTyped(address: string, mailId: string): Buffer<ArrayBuffer> {
  const bytes = Buffer.byteLength(address);
  const missing = Math.ceil(bytes / PADDED_TO_BYTES) * PADDED_TO_BYTES - bytes;
  return seal(address + " ".repeat(missing), { table: "mail", column: "email", id: mailId });
}

/** Opens what `sealTyped` made. Throws as `open` does. */
export function openTyped(sealed: Uint8Array, dataKeyId: string, mailId: string): string {
  return open(sealed, dataKeyId, { table: "mail", column: "email", id: mailId }).trimEnd();
}

import { open, seal } from "@/lib/db/encryption";

/** Seals an address for the one mail that goes to it. */
export function sealTyped(address: string, mailId: string): Buffer<ArrayBuffer> {
  return seal(address, placeOf(mailId));
}

/** Opens what `sealTyped` made. Throws as `open` does. */
export function openTyped(sealed: Uint8Array, dataKeyId: string, mailId: string): string {
  return open(sealed, dataKeyId, placeOf(mailId));
}

function placeOf(mailId: string) {
  return { table: "mail", column: "email", id: mailId } as const;
}

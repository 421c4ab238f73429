import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { settings } from "@/lib/settings";

const ALGORITHM = "aes-256-gcm";
/** Bytes of nonce before, and of tag behind, the cipher text (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The place a sealed value belongs to. It is authenticated: moved to another row or column, a value does not open. */
export type Place = {
  table: "signature" | "mail" | "mail_batch" | "admin_account" | "admin_enrolment" | "paper_import";
  column: "name" | "email" | "payload" | "totp" | "rows";
  id: string;
};

/** The id of the key that new values are sealed with: the first of DATA_KEYS. Kept beside what it sealed. */
export function currentDataKeyId(): string {
  const [newest] = settings().dataKeys;
  if (!newest) throw new Error("DATA_KEYS holds no key");
  return newest.id;
}

/** Encrypts a text for one place with the newest data key: nonce, cipher text and tag in one value. */
export function seal(text: string, place: Place): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyWith(currentDataKeyId()), nonce);
  cipher.setAAD(associatedData(place));
  return Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
}

/** Opens what `seal` made. Throws when the value was changed, belongs to another place, or its key is gone. */
export function open(sealed: Uint8Array, dataKeyId: string, place: Place): string {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const text = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, keyWith(dataKeyId), nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const opened = decipher.update(text);
  // GCM holds nothing back: this only checks the tag, and throws when it is wrong.
  decipher.final();
  return opened.toString("utf8");
}

function associatedData(place: Place): Buffer {
  return Buffer.from(`${place.table}.${place.column}:${place.id}`);
}

/** Made once for each key: a cipher that is given bytes makes such an object anew, which takes longer than sealing. */
const keyObjects = new Map<string, KeyObject>();

function keyWith(id: string): KeyObject {
  const known = keyObjects.get(id);
  if (known) return known;
  const found = settings().dataKeys.find((dataKey) => dataKey.id === id);
  if (!found) throw new Error(`DATA_KEYS has no key named "${id}", which sealed stored data`);
  const key = createSecretKey(found.key);
  keyObjects.set(id, key);
  return key;
}

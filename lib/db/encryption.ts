import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from "node:crypto";
import { settings } from "@/lib/settings";

const ALGORITHM = "aes-256-gcm";
/** Bytes of nonce before the ciphertext and of tag after it (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * Padded sizes of sealed texts in bytes, by table and column,
 * so that the length reveals nothing about the content.
 * Texts longer than the last size are padded to a multiple of it.
 */
const SIZES = {
  // Name and address: nearly all fit the first size; the second fits the longest that the form accepts.
  "signature.person": [160, 1536],
  // A whole form, submitted while its signature was pending.
  "mail.submission": [192, 1600],
  "mail_batch.payload": [16_384],
  "paper_import.rows": [16_384],
  "review_group.content": [1_024, 32_768],
  "invalidation_job.rule": [1_024, 32_768],
  "admin_account.totp": [64],
  "admin_enrolment.totp": [64],
  "admin_draft.content": [4_096, 16_384],
} as const satisfies Record<`${string}.${string}`, readonly number[]>;

/** Padding byte. Sealed texts may not contain it. */
const FILLER = "\0";

type PlaceOf<Kind> = Kind extends `${infer Table}.${infer Column}`
  ? { table: Table; column: Column; id: string }
  : never;
/** Where a sealed value belongs. Authenticated: a value moved to another row or column does not open. */
export type Place = PlaceOf<keyof typeof SIZES>;

type WithoutId<Of> = Of extends Place ? Omit<Of, "id"> : never;
/** A table column that holds sealed values, regardless of row. */
export type SealedColumn = WithoutId<Place>;

/** Sealed into a form field; it has no database column. */
const KEPT_NOWHERE = "admin_enrolment.totp" satisfies keyof typeof SIZES;
/**
 * Every database column of sealed values.
 * In the database its name ends in "_encrypted", and a "data_key_id" goes with it.
 */
export const SEALED_COLUMNS: readonly SealedColumn[] = Object.keys(SIZES)
  .filter((place) => place !== KEPT_NOWHERE)
  .map((place) => {
    const [table, column] = place.split(".");
    return { table, column } as SealedColumn;
  });

/**
 * Returns the id of the key that seals new values: the first of DATA_KEYS. Stored beside each sealed value.
 */
export function currentDataKeyId(): string {
  const [newest] = settings().dataKeys;
  if (!newest) throw new Error("DATA_KEYS holds no key");
  return newest.id;
}

/**
 * Encrypts a text for one place with the newest data key.
 * @returns nonce, ciphertext and tag in one value, padded to one of a few sizes.
 * @throws when the text contains a NUL.
 */
export function seal(text: string, place: Place): Buffer<ArrayBuffer> {
  if (text.includes(FILLER)) throw new Error("a text with a NUL cannot be sealed");
  const filled = Buffer.alloc(filledLength(Buffer.byteLength(text), place));
  filled.write(text);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, keyFor(currentDataKeyId(), place.table), nonce);
  cipher.setAAD(associatedData(place));
  return Buffer.concat([nonce, cipher.update(filled), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Decrypts a value made by `seal`.
 * @throws when the value was changed, belongs to another place, or its key is gone.
 */
export function open(sealed: Uint8Array, dataKeyId: string, place: Place): string {
  // Guarantees a full-length tag below.
  // Passing the length as a cipher option would make creating it a third slower.
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error("too short for a sealed value");
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const text = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, keyFor(dataKeyId, place.table), nonce);
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const opened = decipher.update(text);
  // GCM has already returned all the plaintext: this only checks the tag, and throws if it is wrong.
  decipher.final();
  const end = opened.indexOf(FILLER);
  return opened.toString("utf8", 0, end === -1 ? opened.length : end);
}

/** Returns the usual sizes of sealed values in a column, in bytes. */
export function sealedSizes({ table, column }: Pick<Place, "table" | "column">): readonly number[] {
  return sizesOf(table, column).map((size) => NONCE_BYTES + size + TAG_BYTES);
}

function filledLength(bytes: number, { table, column }: Place): number {
  const sizes = sizesOf(table, column);
  const largest = sizes.at(-1) ?? 1;
  return sizes.find((size) => bytes <= size) ?? Math.ceil(bytes / largest) * largest;
}

function sizesOf(table: string, column: string): readonly number[] {
  const sizes: Record<string, readonly number[]> = SIZES;
  return sizes[`${table}.${column}`] ?? [];
}

function associatedData(place: Place): Buffer {
  return Buffer.from(`${place.table}.${place.column}:${place.id}`);
}

/**
 * Cached per key and table: given raw bytes, a cipher builds a
 * key object each time, which takes longer than sealing.
 */
const keyObjects = new Map<string, Map<string, KeyObject>>();

/**
 * Derives a separate key per table (RFC 5869), so that a key
 * that opens names cannot open an authenticator's secret.
 */
function keyFor(id: string, table: Place["table"]): KeyObject {
  const known = keyObjects.get(table)?.get(id);
  if (known) return known;
  const found = settings().dataKeys.find((dataKey) => dataKey.id === id);
  if (!found) throw new Error(`DATA_KEYS has no key named "${id}", which sealed stored data`);
  const key = createSecretKey(Buffer.from(hkdfSync("sha256", found.key, "", table, KEY_BYTES)));
  keyObjects.set(table, (keyObjects.get(table) ?? new Map<string, KeyObject>()).set(id, key));
  return key;
}

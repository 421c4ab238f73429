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
/** Bytes of nonce before, and of tag behind, the cipher text (NIST SP 800-38D). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * What is sealed, by table and column, and the sizes in bytes that its text is filled up to before: a length tells nothing of
 * what is sealed. Beyond the last size it is filled up to multiples of that.
 */
const SIZES = {
  // Name and address: nearly all fit the first; the second holds the longest that the form takes.
  "signature.person": [160, 1536],
  // A whole form, sent while its signature was pending.
  "mail.submission": [192, 1600],
  "mail_batch.payload": [16_384],
  "paper_import.rows": [16_384],
  "review_group.content": [1_024, 32_768],
  "invalidation_job.rule": [1_024, 32_768],
  "admin_account.totp": [64],
  "admin_enrolment.totp": [64],
  "admin_draft.content": [4_096, 16_384],
} as const satisfies Record<`${string}.${string}`, readonly number[]>;

/** Fills a text up; no text holds one itself. */
const FILLER = "\0";

type PlaceOf<Kind> = Kind extends `${infer Table}.${infer Column}`
  ? { table: Table; column: Column; id: string }
  : never;
/** The place a sealed value belongs to. It is authenticated: moved to another row or column, a value does not open. */
export type Place = PlaceOf<keyof typeof SIZES>;

type WithoutId<Of> = Of extends Place ? Omit<Of, "id"> : never;
/** A kind of place: values of one table's column, whichever row. */
export type SealedColumn = WithoutId<Place>;

/** Sealed into a form field; the database has no column for it. */
const KEPT_NOWHERE = "admin_enrolment.totp" satisfies keyof typeof SIZES;
/** Every database column of sealed values. In the database its name ends in "_encrypted", next to a "data_key_id". */
export const SEALED_COLUMNS: readonly SealedColumn[] = Object.keys(SIZES)
  .filter((place) => place !== KEPT_NOWHERE)
  .map((place) => {
    const [table, column] = place.split(".");
    return { table, column } as SealedColumn;
  });

/** The id of the key that new values are sealed with: the first of DATA_KEYS. Kept beside what it sealed. */
export function currentDataKeyId(): string {
  const [newest] = settings().dataKeys;
  if (!newest) throw new Error("DATA_KEYS holds no key");
  return newest.id;
}

/**
 * Encrypts a text for one place with the newest data key: nonce, cipher text and tag in one value of one of a few sizes.
 * Throws when the text holds a NUL.
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

/** Opens what `seal` made. Throws when the value was changed, belongs to another place, or its key is gone. */
export function open(sealed: Uint8Array, dataKeyId: string, place: Place): string {
  // So the tag below has its full length; said to the cipher as an option, that would take it a third longer to begin.
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new Error("too short for a sealed value");
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const text = sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, keyFor(dataKeyId, place.table), nonce);
  decipher.setAAD(associatedData(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const opened = decipher.update(text);
  // GCM holds nothing back: this only checks the tag, and throws when it is wrong.
  decipher.final();
  const end = opened.indexOf(FILLER);
  return opened.toString("utf8", 0, end === -1 ? opened.length : end);
}

/** The usual lengths of what is sealed for a kind of place, in bytes. */
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

/** Made once for each key and table: a cipher that is given bytes makes such an object anew, which takes longer than sealing. */
const keyObjects = new Map<string, Map<string, KeyObject>>();

/** A key of its own for each table, so that the one that opens names opens no authenticator's secret (RFC 5869). */
function keyFor(id: string, table: Place["table"]): KeyObject {
  const known = keyObjects.get(table)?.get(id);
  if (known) return known;
  const found = settings().dataKeys.find((dataKey) => dataKey.id === id);
  if (!found) throw new Error(`DATA_KEYS has no key named "${id}", which sealed stored data`);
  const key = createSecretKey(Buffer.from(hkdfSync("sha256", found.key, "", table, KEY_BYTES)));
  keyObjects.set(table, (keyObjects.get(table) ?? new Map<string, KeyObject>()).set(id, key));
  return key;
}

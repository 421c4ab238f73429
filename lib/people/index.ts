export type { SealedRow } from "./decryption-messages";
export { beginDecrypting, type DecryptionPool, openPeople } from "./decryption-pool";
export { hashOf } from "./fingerprint";
export { foldName } from "./fold-name";
export {
  bucketBits,
  bucketBitsOf,
  nameBucket,
  nameBuckets,
  narrowNameBuckets,
  type Size,
} from "./name-bucket";
export { openPerson, PARTS_OF_PERSON, type Person, type SealedPerson, sealPerson } from "./person";
export { shownName } from "./shown-name";

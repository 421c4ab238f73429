import { open, seal } from "@/lib/db/encryption";
import { type FieldsWith, fieldsWith, type Shown } from "@/lib/fields";

/** The sealed fields of a signer. Fields that were left out are empty. */
export type Person = Shown<FieldsWith<"sealed">>;
type NewPerson = Pick<Person, "name" | "email"> & Partial<Person>;

/** A person as stored: one sealed value for all fields. */
export type SealedPerson = {
  /** The id of the signature. */
  id: string;
  dataKeyId: string;
  person: Uint8Array;
};

/** The fields of a person, in the order in which they are sealed. */
const PARTS = fieldsWith("sealed");
/** How many parts a sealed person has. */
export const PARTS_OF_PERSON = PARTS.length;
/** Ends a part. A part is a single line. */
export const END_OF_PART = "\n";

/** Seals a signer's fields as one value, bound to this signature id. */
export function sealPerson(person: NewPerson, id: string): Buffer<ArrayBuffer> {
  return seal(encoded(person), placeOf(id));
}

/** Opens a value sealed by `sealPerson`. Throws as `open` does. */
export function openPerson(sealed: SealedPerson): Person {
  const parts = openPersonText(sealed).split(END_OF_PART);
  const person: Partial<Person> = {};
  // A plain loop for speed: searches open every signature.
  for (const [at, part] of PARTS.entries()) person[part] = parts[at] ?? "";
  return person as Person;
}

/**
 * Returns a person as one text in which each part has its end mark. Parts added after it was sealed are
 * empty. Throws as `open` does.
 */
export function openPersonText({ id, dataKeyId, person }: SealedPerson): string {
  let text = open(person, dataKeyId, placeOf(id));
  let at = -1;
  for (const _ of PARTS) {
    const end = text.indexOf(END_OF_PART, at + 1);
    if (end === -1) text += END_OF_PART;
    at = end === -1 ? text.length - 1 : end;
  }
  return text;
}

function encoded(person: NewPerson): string {
  let text = "";
  for (const part of PARTS) {
    const value = person[part] ?? "";
    if (value.includes(END_OF_PART)) throw new Error(`a ${part} of several lines cannot be sealed`);
    text += value + END_OF_PART;
  }
  return text;
}

function placeOf(id: string) {
  return { table: "signature", column: "person", id } as const;
}

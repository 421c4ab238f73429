import { open, seal } from "@/lib/db/encryption";
import { type FieldsWith, fieldsWith, type Shown } from "@/lib/fields";

/** What is known of a signer only by opening it: the sealed fields. What was left out is empty. */
export type Person = Shown<FieldsWith<"sealed">>;
type NewPerson = Pick<Person, "name" | "email"> & Partial<Person>;

/** A person as the database keeps them: one sealed value, whatever is in it. */
export type SealedPerson = {
  /** The signature's. */
  id: string;
  dataKeyId: string;
  person: Uint8Array;
};

/** Parts of a person, in the order in which they are sealed. */
const PARTS = fieldsWith("sealed");
/** How many texts a person is taken apart into. */
export const PARTS_OF_PERSON = PARTS.length;
/** Ends a part, which is one line. */
export const END_OF_PART = "\n";

/** Seals all that is known of a signer as one value, for the signature of this id. */
export function sealPerson(person: NewPerson, id: string): Buffer<ArrayBuffer> {
  return seal(encoded(person), placeOf(id));
}

/** Opens what `sealPerson` made. Throws as `open` does. */
export function openPerson(sealed: SealedPerson): Person {
  const parts = openPersonText(sealed).split(END_OF_PART);
  const person: Partial<Person> = {};
  // A loop: searches open every signature.
  for (const [at, part] of PARTS.entries()) person[part] = parts[at] ?? "";
  return person as Person;
}

/** A person as one text, each part with its end. Parts that were added since it was sealed are empty. Throws as `open` does. */
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

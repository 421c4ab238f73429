import { open, seal } from "@/lib/db/encryption";

/** What is known of a signer only by opening it. */
export type Person = {
  name: string;
  /** Empty for some who signed on paper. */
  email: string;
};

/** A person as the database keeps them: one sealed value, whatever is in it. */
export type SealedPerson = {
  /** The signature's. */
  id: string;
  dataKeyId: string;
  person: Uint8Array;
};

/** Parts of a person, in the order in which they are sealed. A further part goes to the end. */
const PARTS = ["name", "email"] as const satisfies readonly (keyof Person)[];
/** How many texts a person is taken apart into. */
export const PARTS_OF_PERSON = PARTS.length;
/** Ends a part, which is one line. */
export const END_OF_PART = "\n";

/** Seals all that is known of a signer as one value, for the signature of this id. */
export function sealPerson(person: Person, id: string): Buffer<ArrayBuffer> {
  return seal(encoded(person), placeOf(id));
}

/** Opens what `sealPerson` made. Throws as `open` does. */
export function openPerson(sealed: SealedPerson): Person {
  const [name = "", email = ""] = openPersonText(sealed).split(END_OF_PART);
  return { name, email };
}

/** A person as one text, each part with its end. Throws as `open` does. */
export function openPersonText({ id, dataKeyId, person }: SealedPerson): string {
  return open(person, dataKeyId, placeOf(id));
}

function encoded(person: Person): string {
  let text = "";
  for (const part of PARTS) {
    if (person[part].includes(END_OF_PART)) throw new Error(`a ${part} of several lines cannot be sealed`);
    text += person[part] + END_OF_PART;
  }
  return text;
}

function placeOf(id: string) {
  return { table: "signature", column: "person", id } as const;
}

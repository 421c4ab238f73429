import { randomBytes } from "node:crypto";
import { database } from "./client";
import { Prisma } from "./generated/client";

/** What a decoy holds in place of a key, and of all else in a row, in bytes. */
const KEY_BYTES = 32;
const PADDING_BYTES = 256;

/**
 * The beginning of a statement that writes random bytes, to be used where nothing else is written: an answer that writes
 * nothing comes sooner, and so tells what is in the database.
 */
export function insertDecoy(): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO decoy (id, first, second, third, padding)
    SELECT gen_random_uuid(), ${randomBytes(KEY_BYTES)}, ${randomBytes(KEY_BYTES)}, ${randomBytes(KEY_BYTES)},
      ${randomBytes(PADDING_BYTES)}`;
}

/** Deletes the decoys written so far. */
export async function forgetDecoys(): Promise<void> {
  await database().$executeRaw`DELETE FROM decoy`;
}

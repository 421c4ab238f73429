import { expect, test, vi } from "vitest";
import { currentDataKeyId } from "@/lib/db/encryption";
import { fieldsWith } from "@/lib/fields";
import type { SealedRow } from "@/lib/people/decryption-messages";
import { beginDecrypting, type DecryptionPool, openPeople } from "@/lib/people/decryption-pool";
import { fingerprintOf } from "@/lib/people/fingerprint";
import { type Person, sealPerson } from "@/lib/people/person";
import { perProcess } from "@/lib/per-process";

// A thread reads the keys from the environment; without them each would make one that passes.
vi.stubEnv("DATA_KEYS", `k1:${Buffer.alloc(32, 7).toString("base64")}`);

const SEALED_FIELDS = fieldsWith("sealed");
const NOBODY = Object.fromEntries(SEALED_FIELDS.map((field) => [field, ""])) as Person;
const PEOPLE: Person[] = [
  { ...NOBODY, name: "Laila", email: "laila@example.org" },
  { ...NOBODY, name: "زرغونه" },
  { ...NOBODY, name: "😀 outside the first plane", email: "a@example.org" },
  { ...NOBODY, name: "L".repeat(100), email: `${"l".repeat(200)}@example.org` },
];

function sealed(person: Person, number: number): SealedRow & { id: string } {
  const id = `00000000-0000-7000-8000-${String(number).padStart(12, "0")}`;
  return { id, dataKeyId: currentDataKeyId(), person: sealPerson(person, id) };
}

const partsOf = (people: readonly Person[]) =>
  people.flatMap((person) => SEALED_FIELDS.map((field) => person[field]));

/** Whether some thread takes values by now; before, they are opened where they are asked for. */
function threadsAreReady(): boolean {
  const { decryptionPool } = perProcess(
    "people/decryption-pool",
    (): { decryptionPool?: { threads: { ready: boolean }[] } } => ({}),
  );
  return decryptionPool?.threads.some(({ ready }) => ready) ?? false;
}

function untilThreadsAreReady(): Promise<void> {
  return vi.waitFor(() => expect(threadsAreReady()).toBe(true), { timeout: 20_000 });
}

async function openMany(pool: DecryptionPool): Promise<void> {
  const calls = Array.from({ length: 40 }, (_, call) =>
    PEOPLE.slice(call % PEOPLE.length).map((person) => ({ ...person, name: `${call} ${person.name}` })),
  );
  const answers = await Promise.all(calls.map((people) => pool.openParts(people.map(sealed))));
  expect(answers).toEqual(calls.map(partsOf));
}

test("people are opened in their order: here until a thread is ready, and there afterwards", async () => {
  const pool = beginDecrypting();
  try {
    expect(threadsAreReady()).toBe(false);
    await openMany(pool);
    await untilThreadsAreReady();
    await openMany(pool);
    expect(await pool.openParts([])).toEqual([]);
  } finally {
    pool.close();
  }
});

test("an id may come as bytes, as COPY hands it out", async () => {
  const pool = beginDecrypting();
  const rows = PEOPLE.map(sealed).map((row) => ({ ...row, id: Buffer.from(row.id) }));
  try {
    expect(await pool.openParts(rows)).toEqual(partsOf(PEOPLE));
    await untilThreadsAreReady();
    expect(await pool.openParts(rows)).toEqual(partsOf(PEOPLE));
    expect(await openPeople(rows)).toEqual(PEOPLE);
  } finally {
    pool.close();
  }
});

test("threads compute the same hashes as are computed here, and none of an address where there is none", async () => {
  const pool = beginDecrypting();
  try {
    const here = await pool.fingerprints(PEOPLE.map(sealed), 42);
    await untilThreadsAreReady();
    expect(await pool.fingerprints(PEOPLE.map(sealed), 42)).toEqual(here);
    expect(here.names[0]).toBe(fingerprintOf({ name: "LAILA", email: "" }, 42).name);
    expect(here.names[0]).not.toBe(fingerprintOf({ name: "Laila", email: "" }, 43).name);
    expect(here.mailboxes[1]).toBeNaN();
  } finally {
    pool.close();
  }
});

test("a value that was changed is told to whoever asked for it, and to nobody else", async () => {
  const pool = beginDecrypting();
  try {
    await untilThreadsAreReady();
    const [before, changed, other] = PEOPLE.map(sealed);
    if (!before || !changed || !other) throw new Error("there are more");
    changed.person.reverse();
    const [broken, whole] = await Promise.allSettled([
      pool.openParts([before, changed]),
      pool.openParts([other]),
    ]);
    expect(broken.status).toBe("rejected");
    expect(whole).toEqual({ status: "fulfilled", value: partsOf(PEOPLE.slice(2, 3)) });
  } finally {
    pool.close();
  }
});

test("threads are shared, and end with the last who opens", async () => {
  const [first, second] = [beginDecrypting(), beginDecrypting()];
  await untilThreadsAreReady();
  first.close();
  first.close();
  expect(await second.openParts(PEOPLE.map(sealed))).toEqual(partsOf(PEOPLE));
  second.close();
  expect(threadsAreReady()).toBe(false);
});

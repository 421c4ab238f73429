import { readMany } from "@/lib/db/client";
import { Prisma } from "@/lib/db/generated/client";
import { openPeople, type Person, type SealedPerson } from "@/lib/people";
import { conditionsOf, meets, type SignatureRule } from "./rule";

/** Signatures read per query, and decrypted per batch. */
const READ_AT_ONCE = 20_000;
const OPENED_AT_ONCE = 500;
/** Most signatures decrypted for one page or preview: about a second of work. */
const OPENED_MAX = 200_000;

/** The edge of a page. The next page lies behind it (earlier signatures) or ahead of it (later ones). */
export type Place = { signedAt: Date; id: string };
export type PageEdge = { direction: "behind" | "ahead"; place: Place };

/**
 * Decrypts the signatures that may match some rules, in page order, and visits those that do until `visit`
 * returns false. A bucket is shared by hundreds of people, so most signatures decrypted for a name do not
 * match.
 * @param columns must include `id`, `dataKeyId`, `person` and `signedAt`.
 * @returns false when it stopped before the end because it had decrypted too many.
 */
export async function eachMatch<Row extends SealedPerson & Place>(
  search: {
    columns: Prisma.Sql;
    conditions: readonly Prisma.Sql[];
    rules: readonly SignatureRule[];
    edge?: PageEdge | undefined;
  },
  visit: (row: Row, person: Person) => boolean,
): Promise<boolean> {
  const { columns, rules } = search;
  const conditions = [...search.conditions, ...rules.flatMap(conditionsOf)];
  const direction = search.edge?.direction ?? "behind";
  let place = search.edge?.place;
  for (let opened = 0; opened < OPENED_MAX; ) {
    const beyond = place ? [beyondEdge({ direction, place })] : [];
    const rows = await readMany<Row>(Prisma.sql`
      SELECT ${columns} FROM signature WHERE ${Prisma.join([...conditions, ...beyond], " AND ")}
      ORDER BY ${orderOf(direction)} LIMIT ${READ_AT_ONCE}`);
    for (let from = 0; from < rows.length; from += OPENED_AT_ONCE) {
      const some = rows.slice(from, from + OPENED_AT_ONCE);
      const people = await openPeople(some);
      for (const [number, row] of some.entries()) {
        const person = people[number];
        if (person && rules.every((rule) => meets(person, rule)) && !visit(row, person)) return true;
      }
    }
    if (rows.length < READ_AT_ONCE) return true;
    opened += rows.length;
    place = rows.at(-1);
  }
  return false;
}

/** Returns the SQL condition for signatures beyond the edge of a page. */
export function beyondEdge({ direction, place: { signedAt, id } }: PageEdge): Prisma.Sql {
  return direction === "ahead"
    ? Prisma.sql`(signed_at, signature.id) > (${signedAt}, ${id}::uuid)`
    : Prisma.sql`(signed_at, signature.id) < (${signedAt}, ${id}::uuid)`;
}

/** Returns the SQL order of a page: newest first behind an edge, oldest first ahead of it. */
export function orderOf(direction: PageEdge["direction"]): Prisma.Sql {
  return direction === "ahead"
    ? Prisma.sql`signed_at, signature.id`
    : Prisma.sql`signed_at DESC, signature.id DESC`;
}

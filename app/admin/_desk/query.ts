import { storable } from "@/lib/db/storable";

/** Returns a page's query parameters with characters removed that PostgreSQL cannot store. */
export async function queryOf(
  searchParams: Promise<Record<string, string | string[] | undefined>>,
): Promise<URLSearchParams> {
  return new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, values = []]) =>
      [values].flat().map((value): [string, string] => [name, storable(value)]),
    ),
  );
}

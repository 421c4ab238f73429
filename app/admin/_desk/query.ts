import { storable } from "@/lib/db/storable";

/** Returns a page's query, with characters removed that PostgreSQL cannot store. */
export async function queryOf(
  searchParams: Promise<Record<string, string | string[] | undefined>>,
): Promise<URLSearchParams> {
  return storableQuery(
    Object.entries(await searchParams).flatMap(([name, values = []]) =>
      [values].flat().map((value): [string, string] => [name, value]),
    ),
  );
}

/** Returns a request's query, with characters removed that PostgreSQL cannot store. */
export function queryIn(request: Request): URLSearchParams {
  return storableQuery(new URL(request.url).searchParams);
}

function storableQuery(pairs: Iterable<[string, string]>): URLSearchParams {
  return new URLSearchParams([...pairs].map(([name, value]) => [name, storable(value)]));
}

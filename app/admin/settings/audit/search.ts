import { z } from "zod";
import type { AuditSearch } from "@/lib/audit";
import { isStorable } from "@/lib/db/time";

/** Reads a log search from query parameters; ignores what it cannot parse. */
export function searchIn(query: URLSearchParams): AuditSearch {
  const day = (name: string) => {
    const text = z.iso.date().safeParse(query.get(name));
    const time = new Date(`${text.data}T00:00:00Z`);
    return text.success && isStorable(time) ? time : undefined;
  };
  const word = (name: string) => query.get(name) || undefined;
  const before = query.get("before") ?? "";
  return {
    actor: word("actor"),
    action: word("action"),
    from: day("from"),
    to: day("to"),
    before: edgeIn(before),
  };
}

function edgeIn(before: string): AuditSearch["before"] {
  if (/^\d{1,18}$/.test(before)) return { sequence: BigInt(before) };
  return z.uuid().safeParse(before).success ? { id: before } : undefined;
}

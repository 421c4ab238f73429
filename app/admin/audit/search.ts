import { z } from "zod";
import type { AuditSearch } from "@/lib/admin/audit";

/** Reads a search of the log from an address; what is not readable is left out. */
export function searchIn(query: URLSearchParams): AuditSearch {
  const day = (name: string) => {
    const text = z.iso.date().safeParse(query.get(name));
    return text.success ? new Date(`${text.data}T00:00:00Z`) : undefined;
  };
  const word = (name: string) => query.get(name) || undefined;
  const before = query.get("before") ?? "";
  return {
    actor: word("actor"),
    action: word("action"),
    from: day("from"),
    to: day("to"),
    before: /^\d{1,18}$/.test(before) ? BigInt(before) : undefined,
  };
}

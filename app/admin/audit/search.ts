import type { AuditSearch } from "@/lib/admin/audit";

/** Reads a search of the log from an address; what is not readable is left out. */
export function searchIn(query: URLSearchParams): AuditSearch {
  const day = (name: string) => {
    const text = query.get(name) ?? "";
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  };
  const before = query.get("before") ?? "";
  return {
    actor: query.get("actor") ?? undefined,
    action: query.get("action") ?? undefined,
    from: day("from"),
    to: day("to"),
    before: /^\d{1,18}$/.test(before) ? BigInt(before) : undefined,
  };
}

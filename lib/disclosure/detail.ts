import type { Audience } from "./audience";

/** Words that tell how long the log is. */
const PLACES = new Set(["head", "brokenAt"]);

/**
 * The detail of an entry in the audit log as an audience may read it: numbers and lists tell how many people something
 * was done to, so only words are left to those who must not know.
 * @param detail JSON, as the log keeps it.
 */
export function discloseDetail(detail: string, audience: Audience): string {
  if (audience === "trusted") return detail;
  const words = Object.entries(JSON.parse(detail) as Record<string, unknown>).filter(
    ([name, value]) => !PLACES.has(name) && (typeof value === "string" || typeof value === "boolean"),
  );
  return JSON.stringify(Object.fromEntries(words));
}

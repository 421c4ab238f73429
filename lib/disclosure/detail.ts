import type { Audience } from "./audience";

/** Names of text fields that reveal the length of the log. */
const PLACES = new Set(["head", "brokenAt"]);

/**
 * Returns the detail of an audit log entry as an audience may read it. Numbers and lists reveal how many
 * people were affected, so all audiences but `trusted` get texts and booleans only.
 * @param detail JSON, as the log stores it.
 */
export function discloseDetail(detail: string, audience: Audience): string {
  if (audience === "trusted") return detail;
  const words = Object.entries(JSON.parse(detail) as Record<string, unknown>).filter(
    ([name, value]) => !PLACES.has(name) && (typeof value === "string" || typeof value === "boolean"),
  );
  return JSON.stringify(Object.fromEntries(words));
}

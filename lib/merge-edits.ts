/** The values of a form by field, as text. */
export type Values = Readonly<Record<string, string>>;

/** A form that somebody edited: what it showed them first, and what they sent. */
export type Edit = { was: Values; now: Values };

/** What to write, or the fields that somebody else changed meanwhile, with their values. */
export type Merged = { ok: true; changes: Values } | { ok: false; theirs: Values };

/**
 * Merges an edit into the current values, so that two people who edit at once lose nothing: only fields that
 * were changed are written, and a field that both changed differently is a conflict.
 */
export function mergeEdit({ was, now }: Edit, current: Values): Merged {
  const changed = Object.entries(now).filter(([field, value]) => value !== (was[field] ?? ""));
  const theirs = changed.flatMap(([field, value]) => {
    const held = current[field] ?? "";
    return held !== (was[field] ?? "") && held !== value ? [[field, held] as const] : [];
  });
  return theirs.length === 0
    ? { ok: true, changes: Object.fromEntries(changed) }
    : { ok: false, theirs: Object.fromEntries(theirs) };
}

import { diff3Merge } from "node-diff3";

/** A text that somebody edited: what they started from, and what they made of it. */
export type TextEdit = { was: string; now: string };

/** The merged text, or that the same lines were changed in two ways. */
export type MergedText = { ok: true; text: string } | { ok: false };

/**
 * Merges an edit into a text that others may have changed meanwhile, line by line. Lines that only one side
 * changed are taken from that side. Line ends follow the text, as browsers send others than were shown.
 */
export function mergeText({ was, now }: TextEdit, current: string): MergedText {
  const before = withLineEndsOf(current, was);
  const mine = withLineEndsOf(current, now);
  if (mine === before || mine === current) return { ok: true, text: current };
  if (before === current) return { ok: true, text: mine };
  const regions = diff3Merge(mine.split("\n"), before.split("\n"), current.split("\n"), {
    excludeFalseConflicts: true,
  });
  const merged: string[] = [];
  for (const { ok } of regions) {
    if (!ok) return { ok: false };
    merged.push(...ok);
  }
  return { ok: true, text: merged.join("\n") };
}

/** Returns a text with the line ends of another one, unless that mixes them. */
function withLineEndsOf(model: string, text: string): string {
  const lines = model.split("\n").length - 1;
  const returns = model.split("\r\n").length - 1;
  if (returns > 0 && returns < lines) return text;
  const plain = text.replaceAll("\r\n", "\n");
  return returns > 0 ? plain.replaceAll("\n", "\r\n") : plain;
}

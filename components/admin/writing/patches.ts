import { diffArrays } from "diff";

/** Replaces the text between two places. */
export type Patch = { from: number; to: number; insert: string };

/** Returns what turns one text into another, line by line and no more than needed, in the order of the first. */
export function patchesBetween(before: string, after: string): Patch[] {
  const patches: Patch[] = [];
  let place = 0;
  let open: Patch | null = null;
  for (const { added, removed, value } of diffArrays(linesOf(before), linesOf(after))) {
    const text = value.join("");
    if (!added && !removed) {
      if (open) patches.push(narrowed(open, before));
      open = null;
      place += text.length;
      continue;
    }
    open ??= { from: place, to: place, insert: "" };
    if (added) open.insert += text;
    else {
      place += text.length;
      open.to = place;
    }
  }
  if (open) patches.push(narrowed(open, before));
  return patches;
}

/** Lines with their ends, so that they make up the text. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Leaves out what both sides begin and end with, so that a cursor there stays. */
function narrowed({ from, to, insert }: Patch, before: string): Patch {
  let start = 0;
  const most = Math.min(to - from, insert.length);
  while (start < most && before[from + start] === insert[start]) start += 1;
  let end = 0;
  while (end < most - start && before[to - 1 - end] === insert[insert.length - 1 - end]) end += 1;
  return { from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) };
}

/** Carries out patches that do not overlap and are in order. */
export function patched(text: string, patches: readonly Patch[]): string {
  let result = "";
  let place = 0;
  for (const { from, to, insert } of patches) {
    result += text.slice(place, from) + insert;
    place = to;
  }
  return result + text.slice(place);
}

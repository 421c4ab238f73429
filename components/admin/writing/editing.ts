import type { Insertion } from "./examples";
import { type Patch, patched } from "./patches";

/** A field that a text is written in. */
export type Editing = {
  text(): string;
  /** Changes the text and leaves the cursor where it is. */
  apply(patches: readonly Patch[]): void;
  selection(): { from: number; to: number };
  insert(insertion: Insertion): void;
  /** Moves the cursor to a line, counted from 1. */
  goTo(line: number): void;
};

/** Edits a plain text area. */
export function editingOfArea(area: HTMLTextAreaElement, changed: () => void): Editing {
  return {
    text: () => area.value,
    apply(patches) {
      const { selectionStart, selectionEnd } = area;
      const moved = (place: number) =>
        patches.reduce(
          (at, { from, to, insert }) => (to <= place ? at + insert.length - (to - from) : at),
          place,
        );
      area.value = patched(area.value, patches);
      area.setSelectionRange(moved(selectionStart), moved(selectionEnd));
    },
    selection: () => ({ from: area.selectionStart, to: area.selectionEnd }),
    insert({ from, to, insert, select }) {
      area.setRangeText(insert, from, to);
      area.focus();
      area.setSelectionRange(select.from, select.to);
      changed();
    },
    goTo(line) {
      const place = area.value
        .split("\n")
        .slice(0, Math.max(0, line - 1))
        .join("\n").length;
      const at = line <= 1 ? 0 : Math.min(place + 1, area.value.length);
      area.focus();
      area.setSelectionRange(at, at);
    },
  };
}

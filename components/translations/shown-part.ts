import type { DifferencePiece } from "@/lib/editing";
import type { PartState, TranslationPart } from "@/lib/translations";

/** A part as a page shows it to a translator. */
export type ShownPart = TranslationPart & {
  label: string;
  /** The section it belongs to; null above the sections. */
  section: number | null;
  /** What has changed in the original since it was translated; null if nothing, or if that is unknown. */
  difference: readonly DifferencePiece[] | null;
};

/** What the states of a part are called. */
export const STATE_WORDS: Readonly<Record<PartState, string>> = {
  missing: "Missing",
  outdated: "Outdated",
  draft: "Not checked",
  reviewed: "Checked",
};

/** Returns the parts of each section, in their order, with what the section is called. */
export function bySection<Part extends Pick<ShownPart, "section">>(
  parts: readonly Part[],
): { name: string; parts: readonly Part[] }[] {
  return [...Map.groupBy(parts, ({ section }) => section)].map(([section, its]) => ({
    name: section === null ? "Top and call" : `Section ${section}`,
    parts: its,
  }));
}

/** Whether a translator or a reviewer still has something to do with a part. */
export function needsWork({ state, needed }: Pick<ShownPart, "state" | "needed">): boolean {
  return state !== "reviewed" && (needed || state !== "missing");
}

import type { DifferencePiece } from "@/lib/editing";

/** A paragraph of two compared texts, and whether something in it differs. */
export type ComparedParagraph = { changed: boolean; pieces: readonly DifferencePiece[] };

/** Consecutive paragraphs that all differ, or none of which does. */
export type ParagraphRun = { changed: boolean; paragraphs: readonly ComparedParagraph[] };

/** Splits the difference of two texts into runs of paragraphs, so that those that are the same can be folded. */
export function paragraphRuns(pieces: readonly DifferencePiece[]): ParagraphRun[] {
  const paragraphs: { changed: boolean; pieces: DifferencePiece[] }[] = [{ changed: false, pieces: [] }];
  for (const { kind, text } of pieces)
    for (const [at, part] of text.split(/(?:\r?\n[ \t]*){2,}/).entries()) {
      if (at > 0) paragraphs.push({ changed: false, pieces: [] });
      const last = paragraphs.at(-1);
      if (!last || part === "") continue;
      last.pieces.push({ kind, text: part });
      last.changed ||= kind !== "same";
    }
  const runs: { changed: boolean; paragraphs: ComparedParagraph[] }[] = [];
  for (const paragraph of paragraphs) {
    if (paragraph.pieces.length === 0) continue;
    const last = runs.at(-1);
    if (last?.changed === paragraph.changed) last.paragraphs.push(paragraph);
    else runs.push({ changed: paragraph.changed, paragraphs: [paragraph] });
  }
  return runs;
}

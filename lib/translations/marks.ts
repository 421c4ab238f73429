import { marksOf } from "@/lib/document";

/** Marks of an original that a translation lacks, and those that it has besides. */
export type MarkDifference = { lost: readonly string[]; invented: readonly string[] };

/**
 * Compares the footnotes, links, directives and placeholders of a translation with those of its original. Their
 * order is the language's own.
 * @returns null if they are the same.
 */
export function differentMarks(original: string, translation: string): MarkDifference | null {
  const names = (text: string) => marksOf(text).map(({ name }) => name);
  const lost = without(names(original), names(translation));
  const invented = without(names(translation), names(original));
  return lost.length + invented.length === 0 ? null : { lost, invented };
}

function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((name) => {
    const at = left.indexOf(name);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

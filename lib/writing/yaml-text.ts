import type { Document } from "yaml";

/** Writes a changed file in the manner in which it was written. */
export function writtenLike(file: string, document: Document): string {
  return document.toString({
    lineWidth: 0,
    indentSeq: !/^\w+:[ \t]*\r?\n- /m.test(file),
    flowCollectionPadding: !/: \[\S/.test(file),
  });
}

/** Says that a file of signatures on paper is too large. */
export function tooLargeOnPaper(limitBytes: number): string {
  return `File: it is larger than ${limitBytes / 1024} KiB. Split it into several files.`;
}

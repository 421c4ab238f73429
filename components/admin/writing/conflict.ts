import type { DifferencePiece } from "@/lib/editing";

/** A file in which two people have changed the same lines. */
export type Conflict = {
  path: string;
  /** The number of the draft whose text is theirs. */
  revision: number;
  /** As it is saved, and as it was to be saved. */
  theirs: string;
  mine: string;
  /** From theirs to mine, word by word. */
  difference: readonly DifferencePiece[];
};

/** A problem of the open file. */
export type Problem = { line: number; message: string };

/** What the desk says of a document once it is saved. */
export type Checked = { revision: number; problems: readonly Problem[]; words: number; minutes: number };

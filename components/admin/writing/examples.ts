/** What the editor inserts: a block on lines of its own, or words in a line. */
export type Example = { name: string; label: string; text: string; block: boolean };

export type ExampleOptions = {
  /** The mark of a source, such as `[^K1]`. */
  mark: string;
  /** Name of a picture of the campaign; null if it has none. */
  picture: string | null;
  /** Name for the figure's numbers that no other figure has. */
  data: string;
};

/** Returns correct examples of everything a document may have. */
export function examplesOf({ mark, picture, data }: ExampleOptions): Example[] {
  return [
    block("heading", "Heading", `## Heading\n\nA statement.${mark}`),
    block("question", "Question", `:::question{title="A question?"}\nIts answer.${mark}\n:::`),
    block("timeline", "Timeline", `:::timeline\n- 2023-10-03 What happened.${mark}\n:::`),
    block(
      "figure",
      "Figure with a table",
      `:::figure{data="${data}" type="bars" title="What is counted"}\nWhat the numbers mean.\n\n| Where | How many | Counted by |\n| --- | --- | --- |\n| One place | 1000 | Who counted${mark} |\n| Another place | 2000 | Who counted${mark} |\n:::`,
    ),
    block("quotation", "Quotation", `:::quotation{by="Name of the speaker"}\nWhat they said.${mark}\n:::`),
    ...(picture === null
      ? []
      : [
          block(
            "picture",
            "Picture",
            `:::picture{name="${picture}" alternative="What the picture shows"}\nThe text below it.${mark}\n:::`,
          ),
        ]),
    { name: "advice", label: "Advice", text: `:advice[What readers can do.]`, block: false },
    { name: "period", label: "Period", text: ":period[October 2023 to March 2024]", block: false },
  ];
}

const block = (name: string, label: string, text: string): Example => ({ name, label, text, block: true });

/** A text to put in, and what to select of it afterwards. */
export type Insertion = { from: number; to: number; insert: string; select: { from: number; to: number } };

/**
 * Returns how to insert an example at the cursor. A block goes behind the paragraph or block of the cursor, with
 * empty lines around it.
 */
export function insertionOf(
  document: string,
  cursor: { from: number; to: number },
  example: Pick<Example, "text" | "block">,
): Insertion {
  if (!example.block) {
    const end = cursor.from + example.text.length;
    return { ...cursor, insert: example.text, select: { from: end, to: end } };
  }
  const place = endOfBlock(document, cursor.to);
  const before = document.slice(0, place).trimEnd();
  const after = document.slice(place).trimStart();
  const from = before.length;
  const to = document.length - after.length;
  const opening = before === "" ? "" : "\n\n";
  const insert = `${opening}${example.text}${after === "" ? "\n" : "\n\n"}`;
  const start = from + opening.length;
  return { from, to, insert, select: { from: start, to: start + example.text.length } };
}

/** Returns where the paragraph ends that a place is in or, within `:::name` and `:::` or the top, that. */
function endOfBlock(document: string, place: number): number {
  let start = 0;
  let fence: string | null = document.startsWith("---") ? "---" : null;
  let end: number | null = null;
  for (const [number, line] of document.split("\n").entries()) {
    const lineEnd = start + line.length;
    const trimmed = line.trim();
    if (fence === null && /^:{3,}[a-z]/.test(trimmed)) fence = /^:+/.exec(trimmed)?.[0] ?? ":::";
    else if (fence !== null && number > 0 && trimmed === fence) fence = null;
    if (lineEnd >= place) {
      if (
        end === null &&
        fence === null &&
        (trimmed === "" || document[lineEnd] === undefined || isLast(document, lineEnd))
      )
        return trimmed === "" ? start : lineEnd;
      if (fence === null && isLast(document, lineEnd)) return lineEnd;
      end = lineEnd;
    }
    start = lineEnd + 1;
  }
  return document.length;
}

/** Whether the line that ends here is the last of its paragraph. */
function isLast(document: string, lineEnd: number): boolean {
  const next = document.slice(lineEnd + 1).split("\n", 1)[0] ?? "";
  return next.trim() === "";
}

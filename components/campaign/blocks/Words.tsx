import { References } from "@/components/campaign/blocks/References";
import type { Numbering } from "@/components/campaign/blocks/reading";
import type { Inline, Text } from "@/lib/document";

type Piece = Exclude<Inline, { kind: "reference" }> | { kind: "references"; sources: readonly string[] };

/** Text with its emphasis, links and reference numbers. */
export function Words({ text, ...numbering }: Numbering & { text: Text }) {
  return piecesOf(text).map((piece, place) => <PieceOf key={place} piece={piece} {...numbering} />);
}

function PieceOf({ piece, ...numbering }: Numbering & { piece: Piece }) {
  switch (piece.kind) {
    case "text":
      return piece.text;
    case "references":
      return <References sources={piece.sources} {...numbering} />;
    case "emphasis":
      return (
        <em>
          <Words text={piece.children} {...numbering} />
        </em>
      );
    case "strong":
      return (
        <strong>
          <Words text={piece.children} {...numbering} />
        </strong>
      );
    case "link":
      return (
        <a href={piece.href} rel="noreferrer">
          <Words text={piece.children} {...numbering} />
        </a>
      );
    case "period":
      return (
        <span className="when">
          <Words text={piece.children} {...numbering} />
        </span>
      );
    case "advice":
      return <Words text={piece.children} {...numbering} />;
  }
}

/** Joins references that follow each other. */
function piecesOf(text: Text): Piece[] {
  const pieces: Piece[] = [];
  for (const inline of text) {
    const last = pieces.at(-1);
    if (inline.kind !== "reference") pieces.push(inline);
    else if (last?.kind === "references")
      pieces.splice(-1, 1, { kind: "references", sources: [...new Set([...last.sources, inline.source])] });
    else pieces.push({ kind: "references", sources: [inline.source] });
  }
  return pieces;
}

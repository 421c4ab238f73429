import { keyed, languageMark, type Reading } from "@/components/campaign/blocks/reading";
import { Words } from "@/components/campaign/blocks/Words";
import type { SimpleBlock, Text } from "@/lib/document";

type Of<Kind extends SimpleBlock["kind"]> = Extract<SimpleBlock, { kind: Kind }>;

/** A paragraph. One that holds nothing but a period says when, above what happened then. */
export function Paragraph({
  block: { text },
  part,
  ...reading
}: Reading & { block: Of<"paragraph">; part: string }) {
  const mark = languageMark(reading, part);
  const period = onlyPeriod(text);
  return (
    <p {...mark} {...(period === null ? {} : { className: "when" })}>
      <Words text={period ?? text} locale={reading.locale} order={reading.order} />
    </p>
  );
}

/** Returns the words of a period that stands alone; null if there is anything else. */
function onlyPeriod(text: Text): Text | null {
  const [first, ...others] = text.filter((inline) => inline.kind !== "text" || inline.text.trim() !== "");
  return first?.kind === "period" && others.length === 0 ? first.children : null;
}

/** A list, numbered if its order means something. */
export function Points({
  block: { ordered, items },
  part,
  ...reading
}: Reading & { block: Of<"points">; part: string }) {
  const List = ordered ? "ol" : "ul";
  return (
    <List>
      {items.map((item, place) => (
        <li key={place} {...languageMark(reading, `${part}.${place + 1}`)}>
          <Words text={item} locale={reading.locale} order={reading.order} />
        </li>
      ))}
    </List>
  );
}

/** Paragraphs and lists, as in an answer. */
export function SimpleBlocks({
  blocks,
  within,
  ...reading
}: Reading & { blocks: readonly SimpleBlock[]; within: string }) {
  return keyed(blocks, within).map(({ key, block }) =>
    block.kind === "paragraph" ? (
      <Paragraph key={key} part={key} block={block} {...reading} />
    ) : (
      <Points key={key} part={key} block={block} {...reading} />
    ),
  );
}

import { Picture } from "@/components/campaign/blocks/Picture";
import { keyed, languageMark, type Reading } from "@/components/campaign/blocks/reading";
import { Paragraph, Points, SimpleBlocks } from "@/components/campaign/blocks/SimpleBlocks";
import { Words } from "@/components/campaign/blocks/Words";
import { Figure } from "@/components/charts/Figure";
import type { Block, Section as SectionOf } from "@/lib/document";
import { formatDate } from "@/lib/i18n/format";

/** A section of a document; `number` is its place, counted from 1. */
export function Section({ section, number, ...reading }: Reading & { section: SectionOf; number: number }) {
  const part = `sections.${number}`;
  return (
    <section>
      {section.title === null ? null : <h2 {...languageMark(reading, `${part}.title`)}>{section.title}</h2>}
      {keyed(section.blocks, part).map(({ key, block }) => (
        <BlockOf key={key} part={key} block={block} {...reading} />
      ))}
    </section>
  );
}

type BlockProps<Kind extends Block["kind"]> = Reading & {
  part: string;
  block: Extract<Block, { kind: Kind }>;
};

function BlockOf({ part, block, ...reading }: BlockProps<Block["kind"]>) {
  switch (block.kind) {
    case "paragraph":
      return <Paragraph part={part} block={block} {...reading} />;
    case "points":
      return <Points part={part} block={block} {...reading} />;
    case "question":
      return <Question part={part} block={block} {...reading} />;
    case "timeline":
      return <Timeline part={part} block={block} {...reading} />;
    case "quotation":
      return <Quotation part={part} block={block} {...reading} />;
    case "figure":
      return <Figure part={part} figure={block} {...reading} />;
    case "picture":
      return <PictureOf part={part} block={block} {...reading} />;
  }
}

function Question({ part, block: { title, blocks }, ...reading }: BlockProps<"question">) {
  return (
    <details>
      <summary {...languageMark(reading, `${part}.title`)}>{title}</summary>
      <SimpleBlocks blocks={blocks} within={part} {...reading} />
    </details>
  );
}

function Timeline({ part, block: { events }, ...reading }: BlockProps<"timeline">) {
  const { locale, order } = reading;
  return (
    <ol className="time">
      {events.map(({ date, text }, place) => {
        const words = <Words text={text} locale={locale} order={order} />;
        const mark = languageMark(reading, `${part}.${place + 1}`);
        return (
          <li key={place}>
            <b>{formatDate(date, locale)}</b>
            {mark.lang === undefined ? words : <span {...mark}>{words}</span>}
          </li>
        );
      })}
    </ol>
  );
}

function Quotation({ part, block: { by, text }, ...reading }: BlockProps<"quotation">) {
  return (
    <blockquote>
      <p {...languageMark(reading, `${part}.text`)}>
        <Words text={text} locale={reading.locale} order={reading.order} />
      </p>
      <footer {...languageMark(reading, `${part}.by`)}>{by}</footer>
    </blockquote>
  );
}

function PictureOf({ part, block: { name, alternative, caption }, ...reading }: BlockProps<"picture">) {
  const sources = reading.picture(name);
  if (sources === null) return null;
  const mark = languageMark(reading, `${part}.caption`, `${part}.alternative`);
  const { locale, order } = reading;
  return (
    <div {...mark}>
      <Picture sources={sources} alternative={alternative} caption={caption} locale={locale} order={order} />
    </div>
  );
}

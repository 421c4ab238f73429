import { References } from "@/components/campaign/blocks/References";
import { languageMark, type Reading } from "@/components/campaign/blocks/reading";
import { Words } from "@/components/campaign/blocks/Words";
import { Bars } from "@/components/charts/Bars";
import { BigNumber } from "@/components/charts/BigNumber";
import { CrossingsMap } from "@/components/charts/CrossingsMap";
import { LineChart } from "@/components/charts/LineChart";
import { atInWords } from "@/components/charts/labels";
import type { Figure as FigureBlock } from "@/lib/document";
import { formatNumber } from "@/lib/i18n/format";
import { messagesFor } from "@/lib/i18n/messages";

/** A figure: what is counted, a drawing, and the numbers in a table with who counted and the sources. */
export function Figure({ figure, part, ...reading }: Reading & { figure: FigureBlock; part: string }) {
  const { locale, order } = reading;
  const { title, caption } = figure;
  const label = part.replaceAll(".", "-");
  const marked = languageMark(reading, `${part}.caption`);
  const words = <Words text={caption} locale={locale} order={order} />;
  return (
    <figure>
      <figcaption>
        <b id={label} {...languageMark(reading, `${part}.title`)}>
          {title}
        </b>
        {caption.length === 0 ? null : (
          <>
            <br />
            {marked.lang === undefined ? words : <span {...marked}>{words}</span>}
          </>
        )}
      </figcaption>
      <Drawing figure={figure} label={label} locale={locale} />
      <Table figure={figure} part={part} {...reading} />
    </figure>
  );
}

type DrawingProps = Pick<Reading, "locale"> & { figure: FigureBlock; label: string };

function Drawing({ figure: { type, rows }, ...shown }: DrawingProps) {
  switch (type) {
    case "line":
      return <LineChart rows={rows} {...shown} />;
    case "bars":
      return <Bars rows={rows} {...shown} />;
    case "map":
      return <CrossingsMap rows={rows} {...shown} />;
    case "number":
      return <BigNumber rows={rows} locale={shown.locale} />;
  }
}

function Table({ figure, part, ...reading }: Reading & { figure: FigureBlock; part: string }) {
  const { locale, order } = reading;
  const { rows, headings } = figure;
  return (
    <details>
      <summary>{messagesFor(locale).page.table}</summary>
      <table>
        <thead>
          <tr>
            {headings.map((heading, place) => (
              <th key={place} scope="col" {...languageMark(reading, `${part}.headings.${place + 1}`)}>
                {heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, value, by, sources }, place) => {
            const row = `${part}.rows.${place + 1}`;
            return (
              <tr key={place}>
                <th scope="row" {...languageMark(reading, `${row}.at`)}>
                  {atInWords(at, locale)}
                </th>
                <td>{formatNumber(value, locale)}</td>
                <td {...languageMark(reading, `${row}.by`)}>
                  {by}
                  <References sources={sources} locale={locale} order={order} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

import { atInWords, LETTERS, linesOf, WIDTH, widthOf } from "@/components/charts/labels";
import type { FigureRow } from "@/lib/document";
import { formatNumber } from "@/lib/i18n/format";
import { directionOf, type Locale } from "@/lib/i18n/locales";

const BAR = 18;
const GAP = 16;
const LINE_HEIGHT = 19;
const NAME_LINES = 2;

/** Draws a bar for each row, with its name above and its number beside it, from where reading starts. */
export function Bars({ rows, locale, label }: { rows: readonly FigureRow[]; locale: Locale; label: string }) {
  const rightToLeft = directionOf(locale) === "rtl";
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const widest = Math.max(0, ...rows.map(({ value }) => widthOf(formatNumber(value, locale), LETTERS.value)));
  const room = WIDTH - widest - 8;
  /** Counts from the side where reading starts. */
  const across = (x: number) => (rightToLeft ? WIDTH - x : x);
  const anchor = rightToLeft ? "end" : "start";
  let top = 0;
  const bars = rows.map((row) => {
    const name = linesOf(atInWords(row.at, locale), LETTERS.note, WIDTH, NAME_LINES);
    const bar = { row, name, top, width: Math.round((Math.max(0, row.value) / most) * room) };
    top += name.length * LINE_HEIGHT + BAR + GAP;
    return bar;
  });
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the caption is its title; a second one would weigh twice.
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${Math.max(1, top)}`} role="img" aria-labelledby={label}>
      {bars.map(({ row, name, top, width }, place) => {
        const y = top + name.length * LINE_HEIGHT;
        return (
          <g key={place}>
            {name.map((line, index) => (
              <text
                key={index}
                className="s"
                x={across(0)}
                y={top + LETTERS.note + index * LINE_HEIGHT}
                textAnchor={anchor}
              >
                {line}
              </text>
            ))}
            <path className="pt" d={`M${across(0)} ${y}H${across(width)}v${BAR}H${across(0)}z`} />
            <text className="n" x={across(width + 8)} y={y + BAR - 3} textAnchor={anchor}>
              {formatNumber(row.value, locale)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

import { type Numbering, References } from "@/components/campaign/Claims";
import type { ReturnsFigure } from "@/lib/campaigns";
import { formatDate, formatNumber } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

const WIDTH = 360;
const BASELINE = 200;
const TOP = 44;
const LEFT = 12;
const RIGHT = 348;
const FROM = Date.parse("2023-10-01");
const UNTIL = Date.parse("2026-02-01");
/** The first two figures are months apart: the first label is raised above the second, on a thin line. */
const FIRST_LABEL_LIFT = -58;
const YEAR_STARTS = ["2024", "2025", "2026"];

const placeOf = (iso: string) =>
  Math.round(LEFT + ((Date.parse(iso) - FROM) / (UNTIL - FROM)) * (RIGHT - LEFT));

/**
 * Plots how many people had returned by which date, on a linear time axis. Stems instead of a curve: nothing
 * is claimed about the time between dates. Time runs left to right in every language, as in charts of Urdu,
 * Dari and Pashto news.
 */
export function ReturnsChart({ figures, ...numbering }: Numbering & { figures: readonly ReturnsFigure[] }) {
  const { locale } = numbering;
  const { chart, page } = messagesFor(locale);
  return (
    <figure>
      <figcaption>
        <b id="chart">{chart.title}</b>
        <br />
        {chart.subtitle}
      </figcaption>
      <Drawing figures={figures} locale={locale} />
      <details>
        <summary>{page.table}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{chart.date}</th>
              <th scope="col">{chart.count}</th>
              <th scope="col">{chart.by}</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.date}>
                <th scope="row">{inWords(figure, locale).date}</th>
                <td>{inWords(figure, locale).count}</td>
                <td>
                  {figure.countedBy}
                  <References sources={[figure.source]} {...numbering} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <p>{chart.note}</p>
      </details>
    </figure>
  );
}

function inWords({ date, count }: ReturnsFigure, locale: Locale) {
  return { date: formatDate(date, locale), count: formatNumber(count, locale) };
}

type DrawingProps = { figures: readonly ReturnsFigure[]; locale: Locale };

/** Labelled by the caption; the figures are in the table below it. */
function Drawing({ figures, locale }: DrawingProps) {
  const most = Math.max(...figures.map((figure) => figure.count));
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the caption is its title; a second one would weigh twice.
    <svg className="chart" viewBox={`0 0 ${WIDTH} 226`} role="img" aria-labelledby="chart">
      <path className="ax" d={`M${LEFT} ${BASELINE}H${RIGHT}`} />
      {YEAR_STARTS.map((year) => (
        <g key={year}>
          <path className="ax" d={`M${placeOf(year)} ${BASELINE}v6`} />
          <text className="s" x={placeOf(year)} y={BASELINE + 20} textAnchor="middle">
            {formatDate(year, locale)}
          </text>
        </g>
      ))}
      {figures.map((figure, index) => {
        const x = placeOf(figure.date);
        const y = Math.round(BASELINE - (figure.count / most) * (BASELINE - TOP));
        const last = index === figures.length - 1;
        const label = {
          x: last ? x - 10 : x + (index === 0 ? -14 : 10),
          textAnchor: last ? ("end" as const) : ("start" as const),
        };
        const lift = index === 0 ? FIRST_LABEL_LIFT : 0;
        return (
          <g key={figure.date}>
            <path className="st" d={`M${x} ${BASELINE}V${y}`} />
            {lift === 0 ? null : <path className="ax" d={`M${x} ${y}V${y + lift + 20}`} />}
            <circle className="pt" cx={x} cy={y} r="7" />
            <text className="n" {...label} y={y + lift}>
              {formatNumber(figure.count, locale)}
            </text>
            <text className="s" {...label} y={y + lift + 15}>
              {formatDate(figure.date.slice(0, 7), locale)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

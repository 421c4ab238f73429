import { isDate, LETTERS, WIDTH, widthOf } from "@/components/charts/labels";
import type { FigureRow } from "@/lib/document";
import { formatDate, formatNumber } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";

const BASELINE = 200;
const TOP = 44;
const MARGIN = 12;
/** Height of a label of two lines, and how far one is raised at a time to find it room. */
const LABEL_HEIGHT = LETTERS.value + LETTERS.note + 4;
const LIFT = 17;
const LIFTS_MAX = 8;
/** Most points that are all labelled. */
const LABELLED_MAX = 6;
/** Most years that are marked on the axis; of more, every second is, or every third, … */
const TICKS_MAX = 5;

type Point = { row: FigureRow; x: number; y: number };
type Label = { x: number; y: number; anchor: "start" | "end"; lift: number };

type LineChartProps = {
  rows: readonly FigureRow[];
  locale: Locale;
  /** Id of the title that names the drawing. */
  label: string;
};

/**
 * Plots numbers by date, on a linear time axis from the first date to the last. Stems instead of a curve:
 * nothing is claimed about the time between dates. Time runs left to right in every language, as in charts of
 * Urdu, Dari and Pashto news. Labels that find no room are left to the table.
 */
export function LineChart({ rows, locale, label }: LineChartProps) {
  const points = pointsOf(rows);
  const labels = placedLabels(points, locale);
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the caption is its title; a second one would weigh twice.
    <svg className="chart" viewBox={`0 0 ${WIDTH} 226`} role="img" aria-labelledby={label}>
      <path className="ax" d={`M${MARGIN} ${BASELINE}H${WIDTH - MARGIN}`} />
      {ticksOf(points).map(({ date, x, anchor }) => (
        <g key={date}>
          <path className="ax" d={`M${x} ${BASELINE}v6`} />
          <text className="s" x={x} y={BASELINE + 20} textAnchor={anchor}>
            {formatDate(date, locale)}
          </text>
        </g>
      ))}
      {points.map(({ row, x, y }, place) => {
        const text = labels.get(place);
        return (
          <g key={place}>
            <path className="st" d={`M${x} ${BASELINE}V${y}`} />
            {text === undefined || text.lift === 0 ? null : (
              <path className="ax" d={`M${x} ${y}V${text.y + LETTERS.note}`} />
            )}
            <circle className="pt" cx={x} cy={y} r="7" />
            {text === undefined ? null : (
              <>
                <text className="n" x={text.x} y={text.y} textAnchor={text.anchor}>
                  {formatNumber(row.value, locale)}
                </text>
                <text className="s" x={text.x} y={text.y + LETTERS.note + 1} textAnchor={text.anchor}>
                  {noteOf(row, locale)}
                </text>
              </>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** The month is precise enough beside a point; the day is in the table. */
function noteOf({ at }: FigureRow, locale: Locale): string {
  return formatDate(at.slice(0, 7), locale);
}

/** Returns the rows that have a date, in order, with their places in the drawing. */
function pointsOf(rows: readonly FigureRow[]): Point[] {
  const dated = rows
    .filter(({ at }) => isDate(at))
    .map((row) => ({ row, time: Date.parse(row.at) }))
    .sort((one, other) => one.time - other.time);
  const from = dated[0]?.time ?? 0;
  const until = dated.at(-1)?.time ?? 0;
  const most = Math.max(1, ...dated.map(({ row }) => row.value));
  const room = WIDTH - 4 * MARGIN;
  return dated.map(({ row, time }) => ({
    row,
    x: Math.round(2 * MARGIN + (from === until ? 0.5 : (time - from) / (until - from)) * room),
    y: Math.round(BASELINE - (Math.max(0, row.value) / most) * (BASELINE - TOP)),
  }));
}

type Tick = { date: string; x: number; anchor: "start" | "middle" | "end" };

/** Returns the beginnings of years within the axis; if it holds fewer than two, the months where it ends. */
function ticksOf(points: readonly Point[]): Tick[] {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return [];
  const [from, until] = [Date.parse(first.row.at), Date.parse(last.row.at)];
  if (from === until) return [{ date: first.row.at.slice(0, 7), x: first.x, anchor: "middle" }];
  const years: Tick[] = [];
  for (let year = new Date(from).getUTCFullYear(); year <= new Date(until).getUTCFullYear(); year++) {
    const date = String(year);
    const share = (Date.parse(date) - from) / (until - from);
    const x = Math.round(first.x + share * (last.x - first.x));
    if (share >= 0 && share <= 1) years.push({ date, x, anchor: "middle" });
  }
  const step = Math.ceil(years.length / TICKS_MAX);
  const ticks = years.filter((_, place) => place % step === 0);
  if (ticks.length >= 2) return ticks;
  const ends: Tick[] = [
    { date: first.row.at.slice(0, 7), x: first.x, anchor: "start" },
    { date: last.row.at.slice(0, 7), x: last.x, anchor: "end" },
  ];
  return ends.filter(({ date }, place) => place === 0 || date !== ends[0]?.date);
}

type Box = { left: number; right: number; top: number; bottom: number };

/**
 * Places the labels: of all points if they are few, else of the first, the last and the highest. Each stands
 * beside its point, raised until it touches no other label and no point. Later ones go first: an earlier one
 * reaches over the points that follow.
 */
function placedLabels(points: readonly Point[], locale: Locale): Map<number, Label> {
  const taken: Box[] = points.map(({ x, y }) => ({
    left: x - 8,
    right: x + 8,
    top: y - 8,
    bottom: BASELINE,
  }));
  const highest = points.findIndex(({ y }) => y === Math.min(...points.map((point) => point.y)));
  const labels = new Map<number, Label>();
  for (const [place, point] of [...points.entries()].reverse()) {
    if (points.length > LABELLED_MAX && ![0, highest, points.length - 1].includes(place)) continue;
    const width = Math.max(
      widthOf(formatNumber(point.row.value, locale), LETTERS.value),
      widthOf(noteOf(point.row, locale), LETTERS.note),
    );
    const label = candidatesFor(point, width).find((candidate) => {
      const box = boxOf(candidate, width);
      const inside = box.left >= 0 && box.right <= WIDTH && box.top >= 0;
      return inside && !taken.some((other, index) => index !== place && overlap(box, other));
    });
    if (label === undefined) continue;
    labels.set(place, label);
    taken.push(boxOf(label, width), { left: point.x - 2, right: point.x + 2, top: label.y, bottom: point.y });
  }
  return labels;
}

function candidatesFor({ x, y }: Point, width: number): Label[] {
  const sides =
    x + 10 + width <= WIDTH
      ? [
          { x: x + 10, anchor: "start" as const },
          { x: x - 10, anchor: "end" as const },
        ]
      : [{ x: x - 10, anchor: "end" as const }];
  return Array.from({ length: LIFTS_MAX }, (_, step) =>
    sides.map((side) => ({ ...side, y: y - step * LIFT, lift: step })),
  ).flat();
}

function boxOf({ x, y, anchor }: Label, width: number): Box {
  const left = anchor === "start" ? x : x - width;
  const top = y - LETTERS.value;
  return { left, right: left + width, top, bottom: top + LABEL_HEIGHT };
}

function overlap(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}

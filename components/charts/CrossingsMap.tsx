import { LETTERS, WIDTH } from "@/components/charts/labels";
import type { FigureRow } from "@/lib/document";
import { formatNumber } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";

type Degrees = readonly [longitude: number, latitude: number];

/** The crossings that we can place, with the names that our languages have for them. */
const CROSSINGS: readonly { names: readonly string[]; at: Degrees }[] = [
  { names: ["torkham", "طورخم", "تورخم"], at: [71.09, 34.12] },
  { names: ["chaman", "چمن"], at: [66.45, 30.93] },
];

/** A coarse outline of Afghanistan, from the west clockwise. */
const OUTLINE: readonly Degrees[] = [
  [60.5, 34],
  [61.2, 35.6],
  [62.3, 35.3],
  [63.2, 35.9],
  [64.5, 36.3],
  [64.8, 37.1],
  [66.5, 37.4],
  [67.8, 37.2],
  [69.3, 37.1],
  [70.2, 37.6],
  [70.6, 38.4],
  [71.5, 38],
  [71.6, 36.9],
  [73.3, 37.5],
  [74.9, 37.3],
  [73, 36.8],
  [71.8, 36.5],
  [71.2, 36],
  [71.6, 35.2],
  [71.1, 34.2],
  [70, 34],
  [70.3, 33.4],
  [69.5, 33],
  [69.3, 31.9],
  [68, 31.7],
  [66.9, 31.3],
  [66.4, 30.8],
  [66.3, 29.9],
  [64.2, 29.5],
  [62.5, 29.4],
  [60.9, 29.8],
  [61.8, 31],
  [60.8, 31.5],
  [60.5, 33],
];

const WEST = 60;
const NORTH = 39;
const SOUTH = 29;
/** Units for a degree of latitude; one of longitude is shorter by the cosine of the middle latitude. */
const UNITS = 27;
const LONGITUDE = UNITS * Math.cos((34 * Math.PI) / 180);
const HEIGHT = (NORTH - SOUTH) * UNITS;

function placeOf([longitude, latitude]: Degrees): { x: number; y: number } {
  return { x: Math.round((longitude - WEST) * LONGITUDE), y: Math.round((NORTH - latitude) * UNITS) };
}

const OUTLINE_PATH = `M${OUTLINE.map(placeOf)
  .map(({ x, y }) => `${x} ${y}`)
  .join("L")}z`;

/** Marks numbers at the crossings they belong to. Places that are none of those stand in the table only. */
export function CrossingsMap({
  rows,
  locale,
  label,
}: {
  rows: readonly FigureRow[];
  locale: Locale;
  label: string;
}) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: the caption is its title; a second one would weigh twice.
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={label}>
      <path className="ax" d={OUTLINE_PATH} />
      {CROSSINGS.map(({ names, at }) => {
        const row = rows.find((each) => names.includes(each.at.trim().toLowerCase()));
        if (!row) return null;
        const { x, y } = placeOf(at);
        return (
          <g key={names[0]}>
            <circle className="pt" cx={x} cy={y} r="7" />
            <text className="n" x={x - 12} y={y - 2} textAnchor="end">
              {formatNumber(row.value, locale)}
            </text>
            <text className="s" x={x - 12} y={y - 2 + LETTERS.note + 1} textAnchor="end">
              {row.at}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

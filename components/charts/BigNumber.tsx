import { atInWords } from "@/components/charts/labels";
import type { FigureRow } from "@/lib/document";
import { formatNumber } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";

/** The last number of a figure, large, with its date. */
export function BigNumber({ rows, locale }: { rows: readonly FigureRow[]; locale: Locale }) {
  const last = rows.at(-1);
  if (!last) return null;
  return (
    <p className="number">
      <b>{formatNumber(last.value, locale)}</b> {atInWords(last.at, locale)}
    </p>
  );
}

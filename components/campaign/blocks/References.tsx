import type { Numbering } from "@/components/campaign/blocks/reading";
import { formatNumber } from "@/lib/i18n/format";

/** Returns the id of a source in the list. */
export function sourceId(source: string): string {
  return `s-${source}`;
}

/** The reference numbers after a statement, each linked to its source in the list. */
export function References({ sources, locale, order }: Numbering & { sources: readonly string[] }) {
  if (sources.length === 0) return null;
  return (
    <sup>
      {sources.map((source) => (
        <a key={source} href={`#${sourceId(source)}`}>
          {formatNumber(order.indexOf(source) + 1, locale)}
        </a>
      ))}
    </sup>
  );
}

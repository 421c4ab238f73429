import { sourceId } from "@/components/campaign/blocks/References";
import type { Reading } from "@/components/campaign/blocks/reading";
import type { Source } from "@/lib/document";
import { formatDate } from "@/lib/i18n/format";
import { DEFAULT_LOCALE, directionOf, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

type SourceListProps = Pick<Reading, "locale" | "order" | "original"> & {
  sources: ReadonlyMap<string, Source>;
};

/** The list of sources in the order of their numbers, with dates and what to know before trusting them. */
export function SourceList({ sources, locale, order, original }: SourceListProps) {
  const { page } = messagesFor(locale);
  return (
    <ol className="src">
      {order.map((key) => {
        const source = sources.get(key);
        if (!source) return null;
        const { date, url } = source;
        return (
          <li key={key} id={sourceId(key)}>
            <SourceLink source={source} locale={locale} url={url} />,{" "}
            {date === null ? page.undated : formatDate(date, locale)}
            <Caveat source={source} locale={locale} original={original} />
          </li>
        );
      })}
    </ol>
  );
}

/** Titles in other languages are left out: publisher and date name the source, in fewer bytes. */
function SourceLink({ source, locale, url }: { source: Source; locale: Locale; url: string }) {
  const title = source.titles[locale];
  const { publisher } = source;
  if (title !== undefined && locale !== DEFAULT_LOCALE)
    return (
      <a href={url} rel="noreferrer">
        <bdi lang={DEFAULT_LOCALE}>{publisher}</bdi>: {title}
      </a>
    );
  return (
    <a href={url} rel="noreferrer" lang={DEFAULT_LOCALE} dir="ltr">
      {title === undefined ? publisher : `${publisher}: ${title}`}
    </a>
  );
}

/** Nobody is to go without it, so in want of a translation it stands in the campaign's first language. */
function Caveat({ source, locale, original }: { source: Source; locale: Locale; original: Locale }) {
  const own = source.caveats[locale];
  const caveat = own ?? source.caveats[original];
  if (caveat === undefined) return null;
  const mark = own === undefined ? { lang: original, dir: directionOf(original) } : {};
  return (
    <>
      {" – "}
      <span {...mark}>{caveat}</span>
    </>
  );
}

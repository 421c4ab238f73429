import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { formatNumber } from "@/lib/i18n/format";
import { directionOf, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type CampaignsPageProps = {
  site: SiteProps;
  locale: Locale;
  /** Each in the language in which its page is shown. `count` is null if unknown: then no number is shown. */
  campaigns: readonly { path: string; title: string; language: Locale; count: number | null }[];
};

/** The front page of a site with several campaigns, or none: each title with its number of signatures. */
export function CampaignsPage({ site, locale, campaigns }: CampaignsPageProps) {
  const { site: words, count: counted } = messagesFor(locale);
  return (
    <Document
      site={site}
      locale={locale}
      title={words.petitions}
      description={campaigns.map(({ title }) => title).join(" · ") || words.noPetitions}
      path=""
      home={`/${locale}`}
    >
      <main className="sheet">
        <h1>{words.petitions}</h1>
        {campaigns.length === 0 ? <p>{words.noPetitions}</p> : null}
        {campaigns.map(({ path, title, language, count }) => (
          <section key={path}>
            <h2 {...(language === locale ? {} : { lang: language, dir: directionOf(language) })}>
              <a href={path} {...(language === locale ? {} : { hrefLang: language })}>
                {title}
              </a>
            </h2>
            {count === null ? null : <p>{counted.signed({ count: formatNumber(count, locale) })}</p>}
          </section>
        ))}
      </main>
    </Document>
  );
}

import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { formatNumber } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type CampaignsPageProps = {
  site: SiteProps;
  locale: Locale;
  /** `count` is null if unknown: then no number is shown. */
  campaigns: readonly { slug: string; headline: string; count: number | null }[];
};

/** The front page of a site with several campaigns: each headline with its number of signatures. */
export function CampaignsPage({ site, locale, campaigns }: CampaignsPageProps) {
  const { site: words, count: counted } = messagesFor(locale);
  return (
    <Document
      site={site}
      locale={locale}
      title={words.petitions}
      description={campaigns.map(({ headline }) => headline).join(" · ")}
      path=""
      home={`/${locale}`}
    >
      <main className="sheet">
        <h1>{words.petitions}</h1>
        {campaigns.map(({ slug, headline, count }) => (
          <section key={slug}>
            <h2>
              <a href={`/${locale}/${slug}`}>{headline}</a>
            </h2>
            {count === null ? null : <p>{counted.signed({ count: formatNumber(count, locale) })}</p>}
          </section>
        ))}
      </main>
    </Document>
  );
}

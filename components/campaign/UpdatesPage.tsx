import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { languagesOf } from "@/lib/campaigns";
import { formatDate } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type UpdatesPageProps = {
  site: SiteProps;
  locale: Locale;
  slug: string;
  updates: readonly { id: string; title: string; text: string; publishedAt: Date; changedAt: Date | null }[];
};

/** The campaign's news, newest first; the same as in its feed. */
export function UpdatesPage({ site, locale, slug, updates }: UpdatesPageProps) {
  const { page, thanks } = messagesFor(locale);
  const home = `/${locale}/${slug}`;
  return (
    <Document
      site={site}
      locale={locale}
      title={page.news}
      description={updates[0]?.title ?? page.noNews}
      path={`/${slug}/updates`}
      languages={languagesOf(slug)}
      home={home}
    >
      <main className="sheet">
        <h1>{page.news}</h1>
        {updates.length === 0 ? <p>{page.noNews}</p> : null}
        {updates.map(({ id, title, text, publishedAt, changedAt }) => (
          <article key={id} id={id}>
            <h2>
              <bdi>{title}</bdi>
            </h2>
            <p className="when">
              {formatDate(publishedAt.toISOString(), locale)}
              {changedAt === null
                ? null
                : ` · ${page.corrected} ${formatDate(changedAt.toISOString(), locale)}`}
            </p>
            {text.split(/\n{2,}/).map((paragraph) => (
              <p key={paragraph}>{paragraph}</p>
            ))}
          </article>
        ))}
        <p>
          <a href={`${home}/updates.atom`}>{page.feed}</a>
        </p>
        <p>
          <a href={home}>{thanks.back}</a>
        </p>
      </main>
    </Document>
  );
}

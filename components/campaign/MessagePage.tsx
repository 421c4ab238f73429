import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { campaignPath, languagesOf } from "@/lib/campaigns";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { type Messages, messagesFor } from "@/lib/i18n/messages";

export type MessageKind = keyof Messages["message"];
export type MessagePageProps = {
  site: SiteProps;
  locale: Locale;
  kind: MessageKind;
  slug?: string | undefined;
};

/** Messages whose next step is to fill in the form (again). */
const LEADS_TO_FORM: readonly MessageKind[] = [
  "forbidden",
  "expired",
  "too-large",
  "wrong-type",
  "rate-limited",
];

/** Says what happened and the one thing to do next. Without a campaign, it links to the front page. */
export function MessagePage({ site, locale, kind, slug }: MessagePageProps) {
  const { title, text, action } = messagesFor(locale).message[kind];
  const path = slug === undefined ? "" : `/${slug}`;
  const home = slug === undefined ? `/${locale}` : campaignPath(slug, locale);
  return (
    <Document
      site={site}
      locale={locale}
      title={title}
      description={text}
      path={path}
      languages={slug === undefined ? LOCALES : languagesOf(slug)}
      indexed={false}
      home={home}
    >
      <main className="sheet">
        <h1>{title}</h1>
        <p>{text}</p>
        <p>
          <a className="go" href={LEADS_TO_FORM.includes(kind) ? `${home}#sign` : home}>
            {action}
          </a>
        </p>
      </main>
    </Document>
  );
}

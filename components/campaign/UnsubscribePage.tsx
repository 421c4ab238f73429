import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type UnsubscribePageProps = {
  site: SiteProps;
  locale: Locale;
  token: string;
  /** Mail is stopped already: then the page offers to allow it again. */
  stopped: boolean;
};

/** One button that stops the mails, or allows them again; opening the page changes nothing. */
export function UnsubscribePage({ site, locale, token, stopped }: UnsubscribePageProps) {
  const { unsubscribe } = messagesFor(locale);
  const address = `/api/unsubscribe/${encodeURIComponent(token)}`;
  const title = stopped ? unsubscribe.allowTitle : unsubscribe.title;
  const text = stopped ? unsubscribe.allowText : unsubscribe.text;
  return (
    <Document site={site} locale={locale} title={title} description={text} path={null} indexed={false}>
      <main className="sheet">
        <h1>{title}</h1>
        <p>{text}</p>
        {stopped ? (
          <form method="post" action={`${address}/allow`}>
            <button type="submit">{unsubscribe.allowButton}</button>
          </form>
        ) : (
          <form method="post" action={address}>
            <input type="hidden" name="List-Unsubscribe" value="One-Click" />
            <button type="submit">{unsubscribe.button}</button>
          </form>
        )}
      </main>
    </Document>
  );
}

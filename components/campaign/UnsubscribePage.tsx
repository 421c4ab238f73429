import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type UnsubscribePageProps = {
  site: SiteProps;
  locale: Locale;
  token: string;
};

/** A button that stops mail and one that allows it again; always both. Opening the page changes nothing. */
export function UnsubscribePage({ site, locale, token }: UnsubscribePageProps) {
  const { unsubscribe } = messagesFor(locale);
  const address = `/api/unsubscribe/${encodeURIComponent(token)}`;
  const { title, text } = unsubscribe;
  return (
    <Document site={site} locale={locale} title={title} description={text} path={null} indexed={false}>
      <main className="sheet">
        <h1>{title}</h1>
        <p>{text}</p>
        <form method="post" action={address}>
          <input type="hidden" name="List-Unsubscribe" value="One-Click" />
          <button type="submit">{unsubscribe.button}</button>
        </form>
        <p>{unsubscribe.allowText}</p>
        <form method="post" action={`${address}/allow`}>
          <button type="submit" className="quiet">
            {unsubscribe.allowButton}
          </button>
        </form>
      </main>
    </Document>
  );
}

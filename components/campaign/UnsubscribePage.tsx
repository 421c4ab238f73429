import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type UnsubscribePageProps = { site: SiteProps; locale: Locale; token: string };

/** One button that stops the mails; opening the page changes nothing. */
export function UnsubscribePage({ site, locale, token }: UnsubscribePageProps) {
  const { unsubscribe } = messagesFor(locale);
  return (
    <Document
      site={site}
      locale={locale}
      title={unsubscribe.title}
      description={unsubscribe.text}
      path={null}
      indexed={false}
    >
      <main className="sheet">
        <h1>{unsubscribe.title}</h1>
        <p>{unsubscribe.text}</p>
        <form method="post" action={`/api/unsubscribe/${encodeURIComponent(token)}`}>
          <input type="hidden" name="List-Unsubscribe" value="One-Click" />
          <button type="submit">{unsubscribe.button}</button>
        </form>
      </main>
    </Document>
  );
}

import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import type { ShareLinksProps } from "@/components/share/ShareLinks";
import { SharePanel } from "@/components/share/SharePanel";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type ConfirmPageProps = {
  site: SiteProps;
  locale: Locale;
  token: string;
  /** Share links; null if the campaign is unknown. */
  share: Pick<ShareLinksProps, "slug" | "codes" | "texts" | "subject"> | null;
};

/** One button. Opening the page changes nothing: mail scanners open links. */
export function ConfirmPage({ site, locale, token, share }: ConfirmPageProps) {
  const { confirm, thanks } = messagesFor(locale);
  return (
    <Document
      site={site}
      locale={locale}
      title={confirm.title}
      description={confirm.text}
      path={`/confirm/${encodeURIComponent(token)}`}
      indexed={false}
      enhanced
    >
      <main className="sheet">
        <h1>{confirm.title}</h1>
        <p>{confirm.text}</p>
        <form method="post" action="/api/confirm">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="locale" value={locale} />
          <button type="submit">{confirm.button}</button>
        </form>
        <h2>{confirm.notYouTitle}</h2>
        <p>{confirm.notYouText}</p>
        <form method="post" action="/api/confirm">
          <input type="hidden" name="token" value={token} />
          <input type="hidden" name="locale" value={locale} />
          <input type="hidden" name="action" value="delete" />
          <button type="submit" className="quiet">
            {confirm.notYouButton}
          </button>
        </form>
        {share === null ? null : (
          <>
            <h2>{thanks.shareTitle}</h2>
            <SharePanel site={site} locale={locale} {...share} />
          </>
        )}
      </main>
    </Document>
  );
}

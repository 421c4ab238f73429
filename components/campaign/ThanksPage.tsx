import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import type { ShareLinksProps } from "@/components/share/ShareLinks";
import { SharePanel } from "@/components/share/SharePanel";
import { languagesOf } from "@/lib/campaigns";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

export type ThanksPageProps = { site: SiteProps; locale: Locale; slug: string; confirmed: boolean } & Pick<
  ShareLinksProps,
  "codes" | "texts" | "subject"
> & {
    /** True if confirmed signatures are reviewed before they count. */
    review?: boolean;
    /** True if no new signatures are taken; those made in time can still be confirmed. */
    closed?: boolean;
    /** The mail domain that the address was probably meant for. */
    meant?: string | null;
    /** First names of people who chose to be shown. */
    supporters?: readonly string[];
  };

/**
 * Shows "check your mail", "your signature counts", or that it is reviewed first. Once the campaign is
 * closed, unconfirmed signers read that it is and that they can still confirm. The same for everyone: it
 * contains nothing about the signer.
 */
export function ThanksPage({
  site,
  locale,
  slug,
  confirmed,
  review = false,
  closed = false,
  meant = null,
  codes,
  texts,
  subject,
  supporters = [],
}: ThanksPageProps) {
  const { form, thanks, supporters: shown, signature, message, share } = messagesFor(locale);
  const pending = closed ? message.closed : { title: thanks.pendingTitle, text: thanks.pendingText };
  const reviewed = { title: thanks.reviewTitle, text: thanks.reviewText };
  const counted = { title: thanks.confirmedTitle, text: thanks.confirmedText };
  const { title, text } = confirmed ? counted : review ? reviewed : pending;
  const home = `/${locale}/${slug}`;
  return (
    <Document
      site={site}
      locale={locale}
      title={title}
      description={text}
      path={`/${slug}/thanks`}
      languages={languagesOf(slug)}
      indexed={false}
      home={home}
      enhanced
    >
      <main className="sheet">
        <h1>{title}</h1>
        <p>{text}</p>
        {meant === null || closed ? null : (
          <p className="asof">
            {form.didYouMean({ address: isolated(`…@${meant}`) })} <a href={`${home}#sign`}>{form.signNow}</a>
          </p>
        )}
        {confirmed ? <p>{thanks.alreadyText}</p> : null}
        {confirmed || review || closed ? null : (
          <ul>
            {thanks.pendingHelp.map((help) => (
              <li key={help}>{help}</li>
            ))}
          </ul>
        )}
        <h2>{closed ? share.title : thanks.shareTitle}</h2>
        {closed ? null : <p>{thanks.shareText}</p>}
        <SharePanel site={site} locale={locale} slug={slug} codes={codes} texts={texts} subject={subject} />
        {supporters.length === 0 ? null : (
          <section>
            <h2>{shown.title}</h2>
            <p>{shown.lead}</p>
            <p>
              {supporters.map((name, place) => (
                <span key={place}>
                  {place === 0 ? null : " · "}
                  <bdi>{name}</bdi>
                </span>
              ))}
            </p>
          </section>
        )}
        <p>
          <a href={`/${locale}/signature`}>{signature.lostTitle}</a>
        </p>
        <p>
          <a href={home}>{thanks.back}</a>
        </p>
      </main>
    </Document>
  );
}

/** Isolates left-to-right text within any other text (Unicode TR9, isolates). */
function isolated(text: string): string {
  return `\u2066${text}\u2069`;
}

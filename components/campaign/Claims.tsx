import { Fragment } from "react";
import type { CampaignContent, Claim } from "@/lib/campaigns";
import { formatDate, formatNumber } from "@/lib/i18n/format";
import { DEFAULT_LOCALE, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";

/** Returns the sources that a text uses, in order of first use. A source's position is its number. */
export function sourcesUsed(content: CampaignContent): string[] {
  const claims: Claim[] = [
    ...content.summary,
    content.call.to,
    ...content.call.points,
    ...content.sections.flatMap((section) => [...section.claims, ...(section.points ?? [])]),
    ...content.questions.flatMap((question) => question.claims),
    ...content.timeline.map((event) => event.claim),
  ];
  return [
    ...new Set([
      ...claims.flatMap((claim) => claim.sources),
      ...content.returns.map((figure) => figure.source),
    ]),
  ];
}

/** The order of the sources on this page, which numbers them, and the page's language. */
export type Numbering = { locale: Locale; order: readonly string[] };

/** The reference numbers after a claim, each linked to its source in the list. */
export function References({ sources, locale, order }: Numbering & { sources: readonly string[] }) {
  return (
    <sup>
      {sources.map((id) => {
        const number = formatNumber(order.indexOf(id) + 1, locale);
        return (
          <a key={id} href={`#${id}`}>
            {number}
          </a>
        );
      })}
    </sup>
  );
}

/** Claims in sequence, each with its references. */
export function Claims({ claims, ...numbering }: Numbering & { claims: readonly Claim[] }) {
  return claims.map((claim) => (
    <Fragment key={claim.text}>
      {claim.text}
      <References sources={claim.sources} {...numbering} />{" "}
    </Fragment>
  ));
}

/** The list of sources, with dates. */
export function SourceList({ sources, locale, order }: Numbering & { sources: CampaignContent["sources"] }) {
  const { page } = messagesFor(locale);
  return (
    <ol className="src">
      {order.map((id) => {
        const source = sources[id];
        if (!source) return null;
        const { publisher, what, date, url } = source;
        return (
          <li key={id} id={id}>
            <a href={url} rel="noreferrer" lang="en" dir="ltr">
              {/* Described in English only: elsewhere name and date link to the source, in fewer bytes. */}
              {locale === DEFAULT_LOCALE ? `${publisher}: ${what}` : publisher}
            </a>
            , {date === null ? page.undated : formatDate(date, locale)}
          </li>
        );
      })}
    </ol>
  );
}

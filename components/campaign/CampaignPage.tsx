import { Claims, type Numbering, SourceList, sourcesUsed } from "@/components/campaign/Claims";
import { ReturnsChart } from "@/components/charts/ReturnsChart";
import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { NOTHING_TYPED, needsAttention, SignatureForm } from "@/components/form/SignatureForm";
import type { FormChallenge, FormNotice, TypedFields } from "@/components/form/types";
import { ShareLinks, type ShareLinksProps } from "@/components/share/ShareLinks";
import { type CampaignContent, contentFor, type Section } from "@/lib/campaigns";
import { formatDate, formatNumber } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import type { FieldErrors } from "@/lib/signing";

export type CampaignPageProps = {
  site: SiteProps;
  locale: Locale;
  slug: string;
  status: "open" | "closed";
  /**
   * Confirmed signatures; null if they could not be counted. Then no number is shown, never an invented one.
   */
  count: number | null;
  goal: number;
  /** When they were counted, as ISO 8601. */
  updatedAt: string | null;
  /** The previous goal, if one was reached. */
  passed?: number | null | undefined;
  /** Short links, one per channel. */
  codes?: ShareLinksProps["codes"];
  /** Custom share texts, as on every page with share links; by default the campaign's built-in ones. */
  shareTexts?: ShareLinksProps["texts"] | undefined;
  /** The share code the reader came by; kept in the form and in the links to other languages. */
  reference?: string | undefined;
  /** True if there is news to link to. */
  news?: boolean | undefined;
  typed?: TypedFields | undefined;
  errors?: FieldErrors | undefined;
  notice?: FormNotice | undefined;
  challenge?: FormChallenge | undefined;
};

/** The petition: its demand, its sources, and the form. After an error the form comes first. */
export function CampaignPage(props: CampaignPageProps) {
  const { site, locale, slug } = props;
  const content = contentFor(slug, locale);
  if (content === null)
    throw new Error(`No content for the campaign ${slug}: the route must answer 404 before`);
  const { site: words } = messagesFor(locale);
  const formFirst = needsAttention(props);
  const query = props.reference === undefined ? "" : `?ref=${props.reference}`;
  const form = (
    <aside className="side">
      <SignatureForm {...props} typed={props.typed ?? { ...NOTHING_TYPED, ref: props.reference ?? "" }} />
    </aside>
  );
  return (
    <Document
      site={site}
      locale={locale}
      title={formFirst ? words.errorTitle({ title: content.headline }) : content.headline}
      description={content.summary.map((claim) => claim.text).join(" ")}
      path={`/${slug}`}
      indexed={!formFirst}
      image={`/${locale}/${slug}/opengraph-image?${pictureState(props)}`}
      home={`/${locale}/${slug}${query}`}
      query={query}
      enhanced
    >
      <main>
        {formFirst ? <div className="page first">{form}</div> : null}
        <Hero {...props} content={content} />
        <div className="page">
          {formFirst ? null : form}
          <Story content={content} {...props} />
        </div>
      </main>
    </Document>
  );
}

/**
 * Returns a key for the preview image that changes at each milestone, so that services that cache previews by
 * address fetch it again.
 */
function pictureState({ status, count, goal }: CampaignPageProps): string {
  const quarters = count === null || goal === 0 ? 0 : Math.min(4, Math.floor((4 * count) / goal));
  return status === "closed" ? "closed" : `${goal}.${quarters}`;
}

type WithContent = CampaignPageProps & { content: CampaignContent };

function Hero({ locale, status, count, goal, updatedAt, passed, content }: WithContent) {
  const { form, message } = messagesFor(locale);
  return (
    <div className="hero">
      <div className="in">
        <h1>{content.headline}</h1>
        <p className="lead">
          <Claims claims={content.summary} locale={locale} order={sourcesUsed(content)} />
        </p>
        {status === "open" ? (
          <a className="go" href="#sign">
            {form.signNow}
          </a>
        ) : (
          <p className="lead">{message.closed.title}</p>
        )}
        {count === null ? null : (
          <Count locale={locale} count={count} goal={goal} updatedAt={updatedAt} passed={passed ?? null} />
        )}
      </div>
      <div className="gate" />
    </div>
  );
}

type CountProps = {
  locale: Locale;
  count: number;
  goal: number;
  updatedAt: string | null;
  passed: number | null;
};

function Count({ locale, count, goal, updatedAt, passed }: CountProps) {
  const words = messagesFor(locale).count;
  const inWords = { count: formatNumber(count, locale), goal: formatNumber(goal, locale) };
  return (
    <div className="count">
      <p>
        <b>{inWords.count}</b> {words.label}
      </p>
      <progress value={Math.min(count, goal)} max={goal} aria-label={words.of(inWords)} />
      <p>
        {passed === null ? null : `${words.milestone({ goal: formatNumber(passed, locale) })} `}
        {words.goal(inWords)}
        {updatedAt === null ? null : (
          <>
            <br />
            <time dateTime={updatedAt}>{formatDate(updatedAt, locale)}</time>
          </>
        )}
      </p>
    </div>
  );
}

function Story({ site, locale, slug, status, codes, shareTexts, news = false, content }: WithContent) {
  const { form, page, share } = messagesFor(locale);
  const numbering: Numbering = { locale, order: sourcesUsed(content) };
  const { call } = content;
  return (
    <div className="text">
      <section className="call" aria-labelledby="call">
        <h2 id="call">{call.title}</h2>
        <p>
          <Claims claims={[call.to]} {...numbering} />
        </p>
        <p className="demand">{call.demand}</p>
        <ol>
          {call.points.map((point) => (
            <li key={point.text}>
              <Claims claims={[point]} {...numbering} />
            </li>
          ))}
        </ol>
      </section>
      <p className="asof">{content.asOf}</p>
      {content.sections.slice(0, 2).map((section) => (
        <Part key={section.id} section={section} {...numbering} />
      ))}
      <ReturnsChart figures={content.returns} {...numbering} />
      {content.sections.slice(2).map((section) => (
        <Part key={section.id} section={section} {...numbering} />
      ))}
      <section>
        <h2>{page.questions}</h2>
        {content.questions.map(({ question, claims, advice }) => (
          <details key={question}>
            <summary>{question}</summary>
            <p>
              <Claims claims={claims} {...numbering} />
              {advice}
            </p>
          </details>
        ))}
      </section>
      <section>
        <h2>{page.timeline}</h2>
        <ol className="time">
          {content.timeline.map(({ date, claim }) => (
            <li key={date}>
              <b>{formatDate(date, locale)}</b>
              <Claims claims={[claim]} {...numbering} />
            </li>
          ))}
        </ol>
        {news ? (
          <p>
            <a href={`/${locale}/${slug}/updates`}>{page.news}</a>
          </p>
        ) : null}
      </section>
      <section className="side">
        <h2>{share.title}</h2>
        <ShareLinks
          site={site}
          locale={locale}
          slug={slug}
          codes={codes}
          texts={shareTexts ?? share.texts}
          code
        />
        {status === "closed" ? null : (
          <p>
            <a className="go" href="#sign">
              {form.signNow}
            </a>
          </p>
        )}
      </section>
      <section>
        <h2>{page.sources}</h2>
        <p>
          {page.sourcesLead} {content.aboutSources}
        </p>
        <SourceList sources={content.sources} {...numbering} />
      </section>
    </div>
  );
}

function Part({ section, ...numbering }: Numbering & { section: Section }) {
  const { id, title, period, claims, points = [] } = section;
  return (
    <section>
      <h2 id={id}>{title}</h2>
      {period === undefined ? null : <p className="when">{period}</p>}
      {claims.length === 0 ? null : (
        <p>
          <Claims claims={claims} {...numbering} />
        </p>
      )}
      {points.length === 0 ? null : (
        <ul>
          {points.map((point) => (
            <li key={point.text}>
              <Claims claims={[point]} {...numbering} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

import { Section } from "@/components/campaign/blocks/Blocks";
import { languageMark, type Reading } from "@/components/campaign/blocks/reading";
import { Words } from "@/components/campaign/blocks/Words";
import { Call } from "@/components/campaign/Call";
import { colourStyles } from "@/components/campaign/colours";
import { SourceList } from "@/components/campaign/SourceList";
import { campaignData } from "@/components/campaign/structured-data";
import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { NOTHING_TYPED, needsAttention, SignatureForm } from "@/components/form/SignatureForm";
import type { FormChallenge, FormNotice, TypedFields } from "@/components/form/types";
import { ShareLinks, type ShareLinksProps } from "@/components/share/ShareLinks";
import { callBefore, campaignNamed, type Outcome, type PublishedCampaign } from "@/lib/campaigns";
import { type CampaignDocument, plainText } from "@/lib/document";
import { formatDate, formatNumber } from "@/lib/i18n/format";
import { type Locale, nativeNameOf } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import type { FieldErrors } from "@/lib/signing";

export type CampaignPageProps = {
  site: SiteProps;
  locale: Locale;
  slug: string;
  /** What the page says; by default what is published. */
  campaign?: PublishedCampaign | undefined;
  status: "open" | "closed";
  /** What became of it, once it is closed. */
  outcome?: Outcome | undefined;
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
  /** Texts that go with a shared link, by channel, and the subject of a mail. */
  texts: ShareLinksProps["texts"];
  subject: string;
  /** Returns a picture of the campaign by its name; null if there is none. */
  picture?: Reading["picture"] | undefined;
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
  const { site, locale, slug, status, outcome, count } = props;
  const campaign = props.campaign ?? campaignNamed(slug);
  const document = campaign?.documents.get(locale);
  if (!campaign || !document)
    throw new Error(`No text of the campaign ${slug} in ${locale}: the route must answer 404 before`);
  const { site: words } = messagesFor(locale);
  const formFirst = needsAttention(props);
  const query = props.reference === undefined ? "" : `?ref=${props.reference}`;
  const title = titleWith(document, outcome);
  const shown: WithContent = { ...props, campaign, document, title };
  const form = (
    <aside className="side">
      <SignatureForm {...props} typed={props.typed ?? { ...NOTHING_TYPED, ref: props.reference ?? "" }} />
    </aside>
  );
  return (
    <Document
      site={site}
      locale={locale}
      title={formFirst ? words.errorTitle({ title }) : title}
      description={plainText((outcome && document.outcome) || document.summary)}
      path={`/${slug}`}
      languages={[...campaign.documents.keys()]}
      indexed={!formFirst}
      image={`/${locale}/${slug}/opengraph-image?${pictureState(shown)}`}
      home={`/${locale}/${slug}${query}`}
      query={query}
      styles={colourStyles(campaign.settings.colours)}
      data={campaignData({ site, campaign, document, status, count })}
      enhanced
    >
      <main>
        {formFirst ? <div className="page first">{form}</div> : null}
        <Hero {...shown} />
        <div className="page">
          {formFirst ? null : form}
          <Story {...shown} />
        </div>
      </main>
    </Document>
  );
}

/** Returns a campaign's title, after what became of it. */
function titleWith({ title, locale }: CampaignDocument, outcome: Outcome | undefined): string {
  if (outcome === undefined) return title;
  const words = messagesFor(locale).outcome;
  return words.titled({ outcome: words.names[outcome], title });
}

/**
 * Returns a key for the preview image that changes with the text and at each milestone, so that services that
 * cache previews by address fetch it again.
 */
function pictureState({ campaign, status, outcome, count, goal }: WithContent): string {
  const quarters = count === null || goal === 0 ? 0 : Math.min(4, Math.floor((4 * count) / goal));
  const state = status === "closed" ? (outcome ?? "closed") : `${goal}.${quarters}`;
  return campaign.version === 1 ? state : `${state}.v${campaign.version}`;
}

type WithContent = CampaignPageProps & {
  campaign: PublishedCampaign;
  document: CampaignDocument;
  /** The title as it is shown. */
  title: string;
};

function readingOf({ campaign, document, picture = () => null }: WithContent): Reading {
  const { locale, references, untranslated } = document;
  return { locale, order: references, original: campaign.settings.languages[0], untranslated, picture };
}

/** What the petition is about and how many have signed; once it has an end, what that was. */
function Hero(props: WithContent) {
  const { locale, status, outcome, count, goal, updatedAt, passed, document, title } = props;
  const { form, message, outcome: ended } = messagesFor(locale);
  const reading = readingOf(props);
  const reached = outcome === undefined ? null : document.outcome;
  return (
    <div className="hero">
      <div className="in">
        <h1 {...languageMark(reading, "title")}>{title}</h1>
        <p className="lead" {...languageMark(reading, reached === null ? "summary" : "outcome")}>
          <Words text={reached ?? document.summary} locale={locale} order={reading.order} />
        </p>
        {status === "open" ? (
          <a className="go" href="#sign">
            {form.signNow}
          </a>
        ) : (
          <p className="lead">{outcome === undefined ? message.closed.title : ended.thanks}</p>
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

/** Whether the page shows parts in another language. Tables that are the same in all languages are none. */
function isUnfinished({ untranslated }: CampaignDocument): boolean {
  return [...untranslated].some((key) => !key.startsWith("share.") && !/\.(?:headings|rows)\./.test(key));
}

function Story(props: WithContent) {
  const {
    site,
    locale,
    slug,
    status,
    outcome,
    codes,
    texts,
    subject,
    news = false,
    campaign,
    document,
  } = props;
  const { form, page, share } = messagesFor(locale);
  const reading = readingOf(props);
  const { original, order } = reading;
  return (
    <div className="text">
      {isUnfinished(document) ? (
        <p className="asof">{page.untranslated({ language: `\u2068${nativeNameOf(original)}\u2069` })}</p>
      ) : null}
      {outcome === undefined || document.outcome === null ? null : (
        <p {...languageMark(reading, "summary")}>
          <Words text={document.summary} locale={locale} order={order} />
        </p>
      )}
      <Call call={document.call} before={callBefore(slug, locale)} {...reading} />
      {document.asOf === null ? null : (
        <p className="asof" {...languageMark(reading, "asOf")}>
          {document.asOf}
        </p>
      )}
      {document.sections.map((section, place) => (
        <Section key={place} section={section} number={place + 1} {...reading} />
      ))}
      {news ? (
        <p>
          <a href={`/${locale}/${slug}/updates`}>{page.news}</a>
        </p>
      ) : null}
      <section className="side">
        <h2>{share.title}</h2>
        <ShareLinks
          site={site}
          locale={locale}
          slug={slug}
          codes={codes}
          texts={texts}
          subject={subject}
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
      {order.length === 0 ? null : (
        <section>
          <h2>{page.sources}</h2>
          <p>
            {page.sourcesLead}{" "}
            {document.aboutSources === null ? null : (
              <span {...languageMark(reading, "aboutSources")}>{document.aboutSources}</span>
            )}
          </p>
          <SourceList sources={campaign.sources} locale={locale} order={order} original={original} />
        </section>
      )}
    </div>
  );
}

import type { ReactNode } from "react";
import { STYLES } from "@/components/document/styles";
import type { SiteProps } from "@/components/document/types";
import {
  DEFAULT_LOCALE,
  directionOf,
  LOCALES,
  type Locale,
  languageOf,
  nativeNameOf,
} from "@/lib/i18n/locales";
import { isReviewed, messagesFor } from "@/lib/i18n/messages";

export type DocumentProps = {
  site: SiteProps;
  locale: Locale;
  title: string;
  description: string;
  /** The languages that the page has; by default the site's. */
  languages?: readonly Locale[];
  /** The address after the locale, the same in every language (`/privacy`); null if the page has none. */
  path: string | null;
  /** The query that links to other languages keep, with its question mark. */
  query?: string;
  /**
   * False keeps the page out of search engines and omits the canonical address. Demonstrations are never
   * indexed.
   */
  indexed?: boolean;
  /** Image for link previews, as a path on this site. */
  image?: string;
  /** The petition's address, linked from the organisation's name in the header. */
  home?: string;
  /** A second style sheet, which the security policy must allow by its hash, too. */
  styles?: string | null;
  /** Describes what the page is about for search engines (schema.org), at its end. */
  data?: object;
  /** True omits header and footer, for pages framed by another site. */
  bare?: boolean;
  /** True if the page has something to enhance: a form, or share links. */
  enhanced?: boolean;
  children: ReactNode;
};

/**
 * The HTML around every page. One inline style sheet, no style attributes, no inline scripts: the security
 * policy forbids them.
 */
export function Document(props: DocumentProps) {
  const { site, locale, path, query = "", bare = false, indexed = true, languages = LOCALES, data } = props;
  const switched = path === null ? null : path + query;
  const messages = messagesFor(locale);
  return (
    <html lang={locale} dir={directionOf(locale)}>
      <Head {...props} listed={indexed && !site.demonstration} />
      <body>
        <a className="skip" href="#content">
          {messages.site.skip}
        </a>
        {site.demonstration ? (
          <aside className="demo" aria-label={messages.site.demonstration}>
            <strong>{messages.site.demonstration}</strong> <span>{messages.site.demonstrationDetail}</span>
          </aside>
        ) : null}
        {bare ? null : (
          <header className="bar">
            <a className="brand" href={props.home ?? "/"}>
              <Mark />
              <bdi>{site.organisation}</bdi>
            </a>
            {switched === null ? null : (
              <LanguageSwitch locale={locale} languages={languages} path={switched} />
            )}
          </header>
        )}
        <div id="content">{props.children}</div>
        {isReviewed(locale) ? null : (
          <TranslationNotice
            site={site}
            locale={locale}
            path={languages.includes(DEFAULT_LOCALE) ? switched : null}
          />
        )}
        {bare ? null : (
          <footer className="foot">
            <bdi>{site.organisation}</bdi>
            <a href={`/${locale}/privacy`}>{messages.site.privacy}</a>
          </footer>
        )}
        {data !== undefined && hasAddress(props) ? <StructuredData data={data} /> : null}
      </body>
    </html>
  );
}

/** Whether search engines and previews are to know the page by its address. */
function hasAddress({ indexed = true, path }: DocumentProps): boolean {
  return indexed && path !== null;
}

function Head({ listed, ...props }: DocumentProps & { listed: boolean }) {
  const { site, locale, languages = LOCALES, title, description, path, image, enhanced, styles } = props;
  const address = (language: Locale) => `${site.siteUrl}/${language}${path ?? ""}`;
  const script = enhanced ? site.enhancement?.(locale) : undefined;
  const elsewhere = languages.includes(DEFAULT_LOCALE) ? DEFAULT_LOCALE : (languages[0] ?? DEFAULT_LOCALE);
  return (
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width,initial-scale=1" />
      <title>{`${title} – ${site.organisation}`}</title>
      <meta name="description" content={description} />
      {listed ? null : <meta name="robots" content="noindex" />}
      {hasAddress(props) ? (
        <>
          <link rel="canonical" href={address(locale)} />
          {languages.map((language) => (
            <link key={language} rel="alternate" hrefLang={language} href={address(language)} />
          ))}
          <link rel="alternate" hrefLang="x-default" href={address(elsewhere)} />
          <meta property="og:type" content="website" />
          <meta property="og:title" content={title} />
          <meta property="og:description" content={description} />
          <meta property="og:url" content={address(locale)} />
          <meta property="og:locale" content={languageOf(locale).openGraph} />
          {languages
            .filter((language) => language !== locale)
            .map((language) => (
              <meta key={language} property="og:locale:alternate" content={languageOf(language).openGraph} />
            ))}
          <meta property="og:site_name" content={site.organisation} />
          {image === undefined ? null : (
            <>
              <meta property="og:image" content={site.siteUrl + image} />
              <meta property="og:image:width" content="1200" />
              <meta property="og:image:height" content="630" />
            </>
          )}
          <meta name="twitter:card" content={image === undefined ? "summary" : "summary_large_image"} />
        </>
      ) : null}
      {hasAddress(props) ? (
        <StructuredData data={pageData({ title, address: address(locale), locale })} />
      ) : null}
      {/* Our own constant, unescaped: escaping would change its hash, which the policy checks. */}
      <style dangerouslySetInnerHTML={{ __html: STYLES }} />
      {styles ? <style dangerouslySetInnerHTML={{ __html: styles }} /> : null}
      {script === undefined ? null : <script src={script.path} integrity={script.integrity} type="module" />}
    </head>
  );
}

/**
 * JSON data, which the policy does not treat as a script: of a data block, browsers neither run nor block
 * anything (HTML, "prepare the script element": such elements are left before the policy is asked). "<" is escaped so that no text can end the element.
 */
function StructuredData({ data }: { data: object }) {
  const json = JSON.stringify(data).replaceAll("<", "\\u003c");
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />;
}

/** Says what every page is. */
function pageData({ title, address, locale }: { title: string; address: string; locale: Locale }): object {
  return {
    "@context": "https://schema.org",
    "@type": "WebPage",
    name: title,
    url: address,
    inLanguage: locale,
  };
}

type LanguageSwitchProps = { locale: Locale; languages: readonly Locale[]; path: string };

function LanguageSwitch({ locale, languages, path }: LanguageSwitchProps) {
  return (
    <nav className="langs" aria-label={messagesFor(locale).site.languages}>
      {languages.map((language) => (
        <a
          key={language}
          href={`/${language}${path}`}
          lang={language}
          dir={directionOf(language)}
          aria-current={language === locale ? "true" : undefined}
        >
          {nativeNameOf(language)}
        </a>
      ))}
    </nav>
  );
}

/**
 * Says that no native speaker has checked the texts yet; links to reviewed languages and to whom to send
 * corrections.
 */
function TranslationNotice({ site, locale, path }: { site: SiteProps; locale: Locale; path: string | null }) {
  const { translation } = messagesFor(locale);
  return (
    <aside className="demo" aria-label={translation.title}>
      {translation.notice}{" "}
      {path === null ? null : (
        <a href={`/${DEFAULT_LOCALE}${path}`} hrefLang={DEFAULT_LOCALE}>
          {translation.readEnglish}
        </a>
      )}
      {" · "}
      <a href={`mailto:${site.contact}`}>{translation.correct}</a>
    </aside>
  );
}

/** The site's logo: a barrier across a road. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="32" height="32" aria-hidden="true">
      <path className="m1" d="M12 32 15 4h2l3 28z" />
      <path className="m2" d="M0 12h32v8H0z" />
      <path className="m3" d="m4 20 4-8h5l-4 8zm10 0 4-8h5l-4 8zm10 0 4-8h4v2l-3 6z" />
    </svg>
  );
}

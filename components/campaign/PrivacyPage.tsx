import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { formatDuration } from "@/lib/i18n/format";
import type { Locale } from "@/lib/i18n/locales";
import type { DurationUnit } from "@/lib/i18n/locales/language";
import { messagesFor } from "@/lib/i18n/messages";

/** The retention periods that the page lists, and their units. */
const RETENTION_UNITS = {
  unconfirmedDays: "day",
  handedOverMonths: "month",
  closedMonths: "month",
  mailDays: "day",
  networkHours: "hour",
  erasedMinutes: "minute",
  unsubscribedDays: "day",
  bounceDays: "day",
  backupDays: "day",
  logDays: "day",
} as const satisfies Record<string, DurationUnit>;
type RetentionLimit = keyof typeof RETENTION_UNITS;

export type PrivacyPageProps = {
  site: SiteProps;
  locale: Locale;
  home: string;
  consentVersion: string;
  /** Retention periods: the same numbers that the purge uses. */
  retention: Readonly<Record<RetentionLimit, number>>;
};

/** What is collected, why, for how long and whom to ask; and the consent text with its version. */
export function PrivacyPage({ site, locale, home, consentVersion, retention }: PrivacyPageProps) {
  const { privacy, consent } = messagesFor(locale);
  const { organisation } = site;
  const told = (limit: RetentionLimit) => formatDuration(retention[limit], RETENTION_UNITS[limit], locale);
  const keep = privacy.keep({
    unconfirmed: told("unconfirmedDays"),
    handedOver: told("handedOverMonths"),
    closed: told("closedMonths"),
    mails: told("mailDays"),
    network: told("networkHours"),
    erased: told("erasedMinutes"),
    unsubscribed: told("unsubscribedDays"),
    bounce: told("bounceDays"),
    backups: told("backupDays"),
    logs: told("logDays"),
  });
  return (
    <Document
      site={site}
      locale={locale}
      title={privacy.title}
      description={privacy.lead}
      path="/privacy"
      home={home}
    >
      <main className="sheet">
        <h1>{privacy.title}</h1>
        <p>{privacy.lead}</p>
        <h2>{privacy.whoTitle}</h2>
        <p>{privacy.who({ organisation })}</p>
        <h2>{privacy.whatTitle}</h2>
        <List items={privacy.what} />
        <h2>{privacy.notTitle}</h2>
        <List items={privacy.not} />
        <h2>{privacy.whyTitle}</h2>
        <p>{privacy.why}</p>
        <blockquote>
          <p>{consent}</p>
        </blockquote>
        {/* Isolated (UAX #9, LRI): within right-to-left text its numbers would be reordered. */}
        <p>{privacy.version({ version: `\u2066${consentVersion}\u2069` })}</p>
        <h2>{privacy.keepTitle}</h2>
        <List items={keep} />
        <h2>{privacy.rightsTitle}</h2>
        <List items={privacy.rights} />
        <h2>{privacy.askTitle}</h2>
        <p>{privacy.ask({ organisation })}</p>
        <h2>{privacy.riskTitle}</h2>
        <p>{privacy.risk}</p>
      </main>
    </Document>
  );
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}

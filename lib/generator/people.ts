import type { CountryCode } from "@/lib/i18n/countries";
import type { Locale } from "@/lib/i18n/locales";
import { CHANNELS, codeOf } from "@/lib/sharing";
import { CONFIRMATION_DAYS } from "@/lib/signing";
import { ADDRESS_NAMES, JOKE_NAMES, NAMES } from "./names";

const DAY_MILLISECONDS = 86_400_000;
const HOUR_MILLISECONDS = 3_600_000;
const MINUTE_MILLISECONDS = 60_000;
/** How long the generated campaign has been running, in days. */
const CAMPAIGN_DAYS = 150;
/** Slightly less than unconfirmed signatures are kept, so that the purge does not take them at once. */
const PENDING_DAYS = CONFIRMATION_DAYS - 1;

/** Where signatories live and which language they read, in parts per thousand. */
const COMMUNITIES: readonly { share: number; country: CountryCode; locale: Locale }[] = [
  { share: 170, country: "PK", locale: "ur" },
  { share: 60, country: "PK", locale: "ps" },
  { share: 40, country: "PK", locale: "en" },
  { share: 110, country: "AF", locale: "fa-AF" },
  { share: 90, country: "AF", locale: "ps" },
  { share: 120, country: "GB", locale: "en" },
  { share: 15, country: "GB", locale: "ur" },
  { share: 95, country: "US", locale: "en" },
  { share: 10, country: "US", locale: "fa-AF" },
  { share: 55, country: "DE", locale: "en" },
  { share: 25, country: "DE", locale: "fa-AF" },
  { share: 40, country: "CA", locale: "en" },
  { share: 35, country: "AU", locale: "en" },
  { share: 30, country: "FR", locale: "en" },
  { share: 15, country: "NL", locale: "en" },
  { share: 15, country: "SE", locale: "en" },
  { share: 10, country: "SE", locale: "fa-AF" },
  { share: 10, country: "IT", locale: "en" },
  { share: 10, country: "AE", locale: "ur" },
  { share: 8, country: "TR", locale: "fa-AF" },
  { share: 7, country: "IN", locale: "en" },
  { share: 6, country: "IE", locale: "en" },
  { share: 6, country: "NO", locale: "en" },
  { share: 5, country: "NZ", locale: "en" },
  { share: 4, country: "BD", locale: "en" },
  { share: 3, country: "JP", locale: "en" },
  { share: 3, country: "ZA", locale: "en" },
  { share: 2, country: "BR", locale: "en" },
  { share: 1, country: "IS", locale: "en" },
];

/** The community for each number from 0 to 999. */
const COMMUNITY_OF = COMMUNITIES.flatMap((community) =>
  Array.from({ length: community.share }, () => community),
);

/** Reserved for examples (RFC 2606): mail to these reaches nobody. */
const DOMAINS: readonly string[] = [
  "mail.example.org",
  "post.example.net",
  "inbox.example.com",
  "student.example.org",
  "work.example.net",
  "family.example.com",
];

/**
 * Days since the start on which the petition was in the news,
 * and the share of all signatures that each brought.
 */
const SURGES: readonly { day: number; share: number }[] = [
  { day: 0, share: 0.12 },
  { day: 31, share: 0.08 },
  { day: 88, share: 0.15 },
  { day: 131, share: 0.1 },
];

/** The prefix of generated share codes. */
const SHARE_STEM = "bcdfgh";
const SHARED_BY_CODE = 0.22;
const UNCONFIRMED = 0.3;
const WANTS_UPDATES = 0.38;
const PUBLIC_NAME = 0.45;
const JOKES = 0.0004;
const LOOK_ALIKES = 0.0006;

/** A made-up signatory. */
export type Person = {
  name: string;
  email: string;
  country: CountryCode;
  locale: Locale;
  wantsUpdates: boolean;
  publicName: boolean;
  ref: string | null;
  signedAt: Date;
  confirmedAt: Date | null;
};

/** Returns signing times in milliseconds since 1970, in order, as the rows of a real campaign are. */
export function signingTimes(count: number, now: Date, random: () => number): Float64Array {
  return Float64Array.from({ length: count }, () => signingTime(now, random).getTime()).sort();
}

/**
 * Makes up one signatory.
 * @param tag makes the address unique; it must differ for every run and person.
 * @param random returns numbers from 0 up to 1, not including 1.
 */
export function makePerson(tag: string, signedAt: Date, now: Date, random: () => number): Person {
  const { country, locale } = pick(COMMUNITY_OF, random);
  const names = NAMES[locale];
  const age = now.getTime() - signedAt.getTime();
  const pending = age < PENDING_DAYS * DAY_MILLISECONDS && random() < UNCONFIRMED;
  const waited = Math.min(age, Math.ceil(-Math.log(1 - random()) * HOUR_MILLISECONDS));
  const joke = random() < JOKES;
  return {
    name: joke ? pick(JOKE_NAMES, random) : `${pick(names.given, random)} ${pick(names.family, random)}`,
    email: address(tag, random),
    country,
    locale,
    wantsUpdates: random() < WANTS_UPDATES,
    publicName: random() < PUBLIC_NAME,
    ref:
      random() < SHARED_BY_CODE
        ? codeOf({ stem: SHARE_STEM, channel: pick(CHANNELS, random), step: 1 })
        : null,
    signedAt,
    confirmedAt: pending ? null : new Date(signedAt.getTime() + waited),
  };
}

function address(tag: string, random: () => number): string {
  const given = pick(ADDRESS_NAMES.given, random);
  const family = pick(ADDRESS_NAMES.family, random);
  // The same mailbox under many tags, for reviewers to find.
  if (random() < LOOK_ALIKES) return `${given}+${tag}@${DOMAINS[0]}`;
  return `${given}.${family}.${tag}@${pick(DOMAINS, random)}`;
}

/** Most sign in the days after the news, between 6:00 and 23:00 UTC. All times are in the past. */
function signingTime(now: Date, random: () => number): Date {
  const start = now.getTime() - CAMPAIGN_DAYS * DAY_MILLISECONDS;
  const surge = chooseSurge(random());
  const days = surge === null ? random() * CAMPAIGN_DAYS : surge + -Math.log(1 - random()) * 2.5;
  const hour = random() < 0.85 ? 6 + random() * 17 : random() * 24;
  const time = start + Math.floor(days) * DAY_MILLISECONDS + Math.floor(hour * HOUR_MILLISECONDS);
  return new Date(
    time < now.getTime()
      ? time
      : now.getTime() - Math.floor(random() * DAY_MILLISECONDS) - MINUTE_MILLISECONDS,
  );
}

function chooseSurge(drawn: number): number | null {
  let below = 0;
  for (const { day, share } of SURGES) {
    below += share;
    if (drawn < below) return day;
  }
  return null;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error("nothing to choose from");
  return chosen;
}

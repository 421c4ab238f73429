import { Resolver } from "node:dns/promises";
import { isDisposableEmailDomain } from "disposable-email-domains-js";
import { domainOf } from "@/lib/mailbox";

/** Providers that most people use. Only these are ever suggested as corrections. */
const PUBLIC_PROVIDERS = [
  "gmail.com",
  "googlemail.com",
  "yahoo.com",
  "yahoo.co.uk",
  "ymail.com",
  "hotmail.com",
  "hotmail.co.uk",
  "outlook.com",
  "live.com",
  "msn.com",
  "icloud.com",
  "aol.com",
  "mail.com",
  "email.com",
  "proton.me",
  "protonmail.com",
  "yandex.com",
  "gmx.de",
  "gmx.net",
  "web.de",
] as const;

export type PublicProvider = (typeof PUBLIC_PROVIDERS)[number];

/** Shorter names are too similar to each other: a typo cannot be told from a different domain. */
const SUGGESTED_FROM_CHARACTERS = 9;

/** Whether a domain is a provider open to everyone, so that it reveals nothing about its users. */
export function isPublicProvider(domain: string): domain is PublicProvider {
  return (PUBLIC_PROVIDERS as readonly string[]).includes(domain);
}

/** Returns the provider an address was probably meant for, if its domain is one typo away; otherwise null. */
export function meantProvider(email: string): PublicProvider | null {
  const domain = domainOf(email);
  if (isPublicProvider(domain)) return null;
  return (
    PUBLIC_PROVIDERS.find(
      (provider) => provider.length >= SUGGESTED_FROM_CHARACTERS && isOneSlip(domain, provider),
    ) ?? null
  );
}

/**
 * Whether the texts differ by one inserted, missing or wrong letter, or by two swapped neighbours (Damerau).
 */
function isOneSlip(typed: string, meant: string): boolean {
  let same = 0;
  while (same < typed.length && typed[same] === meant[same]) same += 1;
  const [rest, wanted] = [typed.slice(same), meant.slice(same)];
  return (
    rest.slice(1) === wanted.slice(1) ||
    rest.slice(1) === wanted ||
    rest === wanted.slice(1) ||
    (rest[0] === wanted[1] && rest[1] === wanted[0] && rest.slice(2) === wanted.slice(2))
  );
}

/** Whether a public list has the domain as a disposable mail provider. */
export function isDisposable(domain: string): boolean {
  return isDisposableEmailDomain(domain);
}

/** Timeout for DNS, in milliseconds. A domain that takes longer is accepted. */
const DNS_LIMIT_MILLISECONDS = 1_000;
const MAIL_DOMAINS_KEPT = 10_000;
const MAIL_DOMAIN_KEPT_MILLISECONDS = 3_600_000;
/** Error codes with which DNS states that the name or record does not exist. */
const NOTHING_THERE = new Set(["ENOTFOUND", "ENODATA"]);

type MailResolver = Pick<Resolver, "resolveMx" | "resolve4" | "resolve6">;

const known = new Map<string, { askedAt: number; takesMail: Promise<boolean> }>();

/**
 * Whether a domain accepts mail according to DNS (RFC 5321, 5.1; null MX: RFC 7505). DNS failures count as
 * yes: a name server must not stop anyone from signing.
 */
export function takesMail(
  domain: string,
  resolver: MailResolver = new Resolver({ timeout: DNS_LIMIT_MILLISECONDS, tries: 1 }),
  now = Date.now(),
): Promise<boolean> {
  const asked = known.get(domain);
  if (asked && now - asked.askedAt < MAIL_DOMAIN_KEPT_MILLISECONDS) return asked.takesMail;
  const entry = { askedAt: now, takesMail: ask(domain, resolver) };
  known.delete(domain);
  known.set(domain, entry);
  for (const oldest of known.keys()) {
    if (known.size <= MAIL_DOMAINS_KEPT) break;
    known.delete(oldest);
  }
  return entry.takesMail;
}

async function ask(domain: string, resolver: MailResolver): Promise<boolean> {
  const exchanges = await orNothing(resolver.resolveMx(domain));
  if (exchanges === "unknown") return true;
  if (exchanges.length > 0) return exchanges.some(({ exchange }) => exchange !== "");
  const hosts = await Promise.all([
    orNothing(resolver.resolve4(domain)),
    orNothing(resolver.resolve6(domain)),
  ]);
  return hosts.some((found) => found === "unknown" || found.length > 0);
}

async function orNothing<T>(answer: Promise<T[]>): Promise<T[] | "unknown"> {
  try {
    return await answer;
  } catch (error) {
    return NOTHING_THERE.has((error as NodeJS.ErrnoException).code ?? "") ? [] : "unknown";
  }
}

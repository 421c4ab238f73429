import { Resolver } from "node:dns/promises";
import { isDisposableEmailDomain } from "disposable-email-domains-js";
import { domainOf } from "@/lib/mailbox";

/** Providers that most people write from. Only these are ever suggested, or named in an alarm. */
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

/** Shorter names are too near to each other: a slip cannot be told from another domain. */
const SUGGESTED_FROM_CHARACTERS = 9;

/** Whether a domain is a provider that everybody may use, and so says nothing of who does. */
export function isPublicProvider(domain: string): domain is PublicProvider {
  return (PUBLIC_PROVIDERS as readonly string[]).includes(domain);
}

/** The provider that an address was probably meant for, when its domain is one slip of a finger away; else null. */
export function meantProvider(email: string): PublicProvider | null {
  const domain = domainOf(email);
  if (isPublicProvider(domain)) return null;
  return (
    PUBLIC_PROVIDERS.find(
      (provider) => provider.length >= SUGGESTED_FROM_CHARACTERS && isOneSlip(domain, provider),
    ) ?? null
  );
}

/** One letter too many, too few or wrong, or two neighbours swapped (Damerau). */
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

/** Whether a domain gives away mailboxes for minutes, as a public list has it. */
export function isDisposable(domain: string): boolean {
  return isDisposableEmailDomain(domain);
}

/** How long DNS may take, in milliseconds; what takes longer counts as good. */
const DNS_LIMIT_MILLISECONDS = 1_000;
const MAIL_DOMAINS_KEPT = 10_000;
const MAIL_DOMAIN_KEPT_MILLISECONDS = 3_600_000;
/** DNS says for certain that there is nothing: no such name, or no such record. */
const NOTHING_THERE = new Set(["ENOTFOUND", "ENODATA"]);

type MailResolver = Pick<Resolver, "resolveMx" | "resolve4" | "resolve6">;

const known = new Map<string, { askedAt: number; takesMail: Promise<boolean> }>();

/**
 * Whether a domain takes mail, as its DNS says (RFC 5321, 5.1; null MX: RFC 7505). Trouble with DNS counts as yes: nobody is
 * kept from signing by a name server.
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

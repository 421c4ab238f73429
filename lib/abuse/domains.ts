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

/** The domain of an address, in lower case. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf("@") + 1).toLowerCase();
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

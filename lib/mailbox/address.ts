import { asciiDomain } from "./address-rules";

/** Domains with which a provider reaches the same mailboxes, mapped to the canonical one. */
const TRUE_ALIASES: ReadonlyMap<string, string> = new Map([
  ["googlemail.com", "gmail.com"],
  ["protonmail.com", "proton.me"],
  ["pm.me", "proton.me"],
]);

/** Providers whose documentation says that dots in the local part make no difference. */
const IGNORE_DOTS: ReadonlySet<string> = new Set(["gmail.com"]);

/**
 * Providers that deliver `name+tag` to `name`. Google, Proton and Fastmail document it in their help pages;
 * Microsoft announced it in 2013 for its three, and documents it for Exchange Online.
 */
const IGNORE_TAGS: ReadonlySet<string> = new Set([
  "gmail.com",
  "proton.me",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "fastmail.com",
]);

/**
 * Returns the domain of a cleaned-up address in ASCII (UTS 46) and lower case.
 * Anything invalid is only lower-cased.
 */
export function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return asciiDomain(domain) ?? domain.toLowerCase();
}

function localPartOf(address: string): string {
  return address.slice(0, Math.max(address.lastIndexOf("@"), 0)).toLowerCase();
}

/** Removes the tag, unless nothing would be left. */
function untagged(localPart: string): string {
  return localPart.replace(/(?<=.)\+.*$/, "");
}

/**
 * Returns the mailbox that a cleaned-up address leads to: equal for every known spelling of the same mailbox.
 * Spellings are merged only where the provider is known to do so, so that nobody can act for somebody else.
 */
export function mailboxOf(address: string): string {
  const asWritten = domainOf(address);
  const domain = TRUE_ALIASES.get(asWritten) ?? asWritten;
  let localPart = localPartOf(address);
  if (IGNORE_TAGS.has(domain)) localPart = untagged(localPart);
  if (IGNORE_DOTS.has(domain)) localPart = localPart.replaceAll(".", "");
  return `${localPart}@${domain}`;
}

/**
 * Returns a broader key for limiting the mail that typed addresses cause: ignores dots and tags at every
 * provider. Never used to identify anybody.
 */
export function broadMailboxOf(address: string): string {
  const mailbox = mailboxOf(address);
  const at = mailbox.lastIndexOf("@");
  return `${untagged(mailbox.slice(0, at)).replaceAll(".", "")}${mailbox.slice(at)}`;
}

/**
 * Normalises the domain of an address and leaves the rest as written, so two spellings of one mailbox differ.
 */
export function spellingOf(address: string): string {
  return `${address.slice(0, address.lastIndexOf("@"))}@${domainOf(address)}`;
}

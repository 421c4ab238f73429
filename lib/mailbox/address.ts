import { asciiDomain } from "./address-rules";

/** Domains under which one provider delivers to the very same mailboxes, by the one that stands for all. */
const TRUE_ALIASES: ReadonlyMap<string, string> = new Map([
  ["googlemail.com", "gmail.com"],
  ["protonmail.com", "proton.me"],
  ["pm.me", "proton.me"],
]);

/** Providers whose documentation says that dots in the local part make no difference. */
const IGNORE_DOTS: ReadonlySet<string> = new Set(["gmail.com"]);

/**
 * Providers that deliver `name+tag` to `name`. Google, Proton and Fastmail say so in their help pages; Microsoft announced it
 * in 2013 for its three, and documents it for Exchange Online.
 */
const IGNORE_TAGS: ReadonlySet<string> = new Set([
  "gmail.com",
  "proton.me",
  "outlook.com",
  "hotmail.com",
  "live.com",
  "fastmail.com",
]);

/** The domain of a mended address: ASCII (UTS 46), in lower case. What is no domain is only put in lower case. */
export function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return asciiDomain(domain) ?? domain.toLowerCase();
}

function localPartOf(address: string): string {
  return address.slice(0, Math.max(address.lastIndexOf("@"), 0)).toLowerCase();
}

/** Without its tag, unless nothing would be left. */
function untagged(localPart: string): string {
  return localPart.replace(/(?<=.)\+.*$/, "");
}

/**
 * The mailbox that a mended address leads to: two addresses of one mailbox give one text. Spellings are made one only where
 * the provider is known to, so that nobody can act for somebody else.
 */
export function mailboxOf(address: string): string {
  const asWritten = domainOf(address);
  const domain = TRUE_ALIASES.get(asWritten) ?? asWritten;
  let localPart = localPartOf(address);
  if (IGNORE_TAGS.has(domain)) localPart = untagged(localPart);
  if (IGNORE_DOTS.has(domain)) localPart = localPart.replaceAll(".", "");
  return `${localPart}@${domain}`;
}

/** What bounds the mail that typing addresses can cause: dots and tags make no difference anywhere. Never says who somebody is. */
export function broadMailboxOf(address: string): string {
  const mailbox = mailboxOf(address);
  const at = mailbox.lastIndexOf("@");
  return `${untagged(mailbox.slice(0, at)).replaceAll(".", "")}${mailbox.slice(at)}`;
}

/** An address with its domain in one form and the rest as written: two spellings of one mailbox differ here. */
export function spellingOf(address: string): string {
  return `${address.slice(0, address.lastIndexOf("@"))}@${domainOf(address)}`;
}

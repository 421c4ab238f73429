/** Domains under which one provider delivers to the same mailboxes. */
const ALIAS_DOMAINS: ReadonlyMap<string, string> = new Map([
  ["googlemail.com", "gmail.com"],
  ["protonmail.com", "proton.me"],
  ["pm.me", "proton.me"],
  ["hotmail.com", "outlook.com"],
  ["live.com", "outlook.com"],
  ["me.com", "icloud.com"],
  ["mac.com", "icloud.com"],
]);

/**
 * The mailbox that an address most likely leads to: no tag, no dots, one case, one name for a provider.
 * A hint for those who review signatures, never a reason to refuse one: two people may share it.
 */
export function canonicalEmail(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1).toLowerCase();
  const [mailbox = ""] = email.slice(0, at).normalize("NFKC").toLowerCase().split("+");
  return `${mailbox.replaceAll(".", "")}@${ALIAS_DOMAINS.get(domain) ?? domain}`;
}

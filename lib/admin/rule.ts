import { networkKeys } from "@/lib/abuse/network";
import { Prisma } from "@/lib/db/generated/client";
import { domainKey, nameKey } from "@/lib/signing";

type Key = Uint8Array<ArrayBuffer>;

/** Which signatures are meant: those that meet every condition given. Names, addresses and networks only as keyed hashes. */
export type SignatureRule = {
  nameKey?: Key | undefined;
  emailCanonicalKey?: Key | undefined;
  emailDomainKey?: Key | undefined;
  /** Any of these: a network has another key each day. */
  networkKeys?: Key[] | undefined;
  country?: string | undefined;
  /** From this time on, and before that one. */
  from?: Date | undefined;
  to?: Date | undefined;
};

/** What an owner types to say which signatures are meant; empty texts are no condition. */
export type TypedRule = {
  name: string;
  domain: string;
  network: string;
  country: string;
  from: Date | undefined;
  to: Date | undefined;
};

/** The rule that was typed. A network that is none of the last two days meets no signature. */
export async function ruleOf({
  name,
  domain,
  network,
  country,
  from,
  to,
}: TypedRule): Promise<SignatureRule> {
  return {
    nameKey: name === "" ? undefined : nameKey(name),
    emailDomainKey: domain === "" ? undefined : domainKey(domain),
    networkKeys: network === "" ? undefined : await networkKeys(network),
    country: country === "" ? undefined : country,
    from,
    to,
  };
}

/** Whether there is any condition: a rule without one would mean everybody. */
export function isRule(rule: SignatureRule): boolean {
  return meeting(rule).length > 0;
}

/** The conditions of a rule on `signature`. */
export function meeting(rule: SignatureRule): Prisma.Sql[] {
  return [
    ...(rule.nameKey ? [Prisma.sql`name_key = ${rule.nameKey}`] : []),
    ...(rule.emailCanonicalKey ? [Prisma.sql`email_canonical_key = ${rule.emailCanonicalKey}`] : []),
    ...(rule.emailDomainKey ? [Prisma.sql`email_domain_key = ${rule.emailDomainKey}`] : []),
    // Only recent signatures have a key: said in so many words, so that the index of those is used.
    ...(rule.networkKeys
      ? [Prisma.sql`network_key IS NOT NULL AND network_key = ANY(${rule.networkKeys}::bytea[])`]
      : []),
    ...(rule.country ? [Prisma.sql`country = ${rule.country}`] : []),
    ...(rule.from ? [Prisma.sql`signed_at >= ${rule.from}`] : []),
    ...(rule.to ? [Prisma.sql`signed_at < ${rule.to}`] : []),
  ];
}

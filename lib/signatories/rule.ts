import { z } from "zod";
import { Prisma } from "@/lib/db/generated/client";
import { domainOf } from "@/lib/mailbox";
import { networkKeys } from "@/lib/network";
import { foldName, nameBuckets, type Person } from "@/lib/people";

const ruleSchema = z.object({
  /** These signatures and no others. */
  ids: z.array(z.uuid()).optional(),
  /** Folded. */
  name: z.string().optional(),
  /** Of the mail address, in lower case. */
  domain: z.string().optional(),
  /** Any of these, in base64: a network has another key each day. */
  networkKeys: z.array(z.base64()).optional(),
  country: z.string().optional(),
  /** From this time on, and before that one. */
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});

/** Which signatures are meant: those that meet every condition given. Kept sealed, since it may name somebody. */
export type SignatureRule = z.output<typeof ruleSchema>;

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
    name: name === "" ? undefined : foldName(name),
    domain: domain === "" ? undefined : domainOf(domain),
    networkKeys:
      network === "" ? undefined : (await networkKeys(network)).map((key) => key.toString("base64")),
    country: country === "" ? undefined : country,
    from,
    to,
  };
}

/** Reads a rule that was kept as JSON. */
export function readRule(text: string): SignatureRule {
  return ruleSchema.parse(JSON.parse(text));
}

/** Whether there is any condition: a rule without one would mean everybody. */
export function isRule(rule: SignatureRule): boolean {
  return Object.keys(ruleSchema.shape).some((name) => rule[name as keyof SignatureRule] !== undefined);
}

/**
 * The conditions of a rule that the database can check on `signature`. They may leave more than are meant: see `meets`.
 */
export function conditionsOf(rule: SignatureRule): Prisma.Sql[] {
  return [
    ...narrowing(rule),
    // Only recent signatures have a key: said in so many words, so that the index of those is used.
    ...(rule.networkKeys
      ? [
          Prisma.sql`network_key IS NOT NULL
            AND network_key = ANY(${rule.networkKeys.map((key) => Buffer.from(key, "base64"))}::bytea[])`,
        ]
      : []),
    ...(rule.country ? [Prisma.sql`country = ${rule.country}`] : []),
    ...(rule.from ? [Prisma.sql`signed_at >= ${rule.from}`] : []),
    ...(rule.to ? [Prisma.sql`signed_at < ${rule.to}`] : []),
  ];
}

/** Of the conditions of a rule, those by which the database finds the few signatures that may be meant. */
export function narrowing(rule: SignatureRule): Prisma.Sql[] {
  return [
    ...(rule.ids ? [Prisma.sql`signature.id = ANY(${rule.ids}::uuid[])`] : []),
    ...(rule.name === undefined ? [] : [Prisma.sql`name_bucket = ANY(${nameBuckets(rule.name)}::int[])`]),
  ];
}

/** Whether a rule has conditions that only an opened signature can be checked for. */
export function needsOpening(rule: SignatureRule): boolean {
  return rule.name !== undefined || rule.domain !== undefined;
}

/** Whether somebody meets those conditions of a rule that only an opened signature can be checked for. */
export function meets({ name, email }: Person, rule: SignatureRule): boolean {
  return (
    (rule.name === undefined || foldName(name) === rule.name) &&
    (rule.domain === undefined || domainOf(email) === rule.domain)
  );
}

/** The conditions of a rule in words that name nobody. */
export function described(rule: SignatureRule): string {
  const minute = (at: Date) => at.toISOString().slice(0, 16);
  return [
    ...(rule.ids ? ["one mailbox"] : []),
    ...(rule.name === undefined ? [] : ["one name"]),
    ...(rule.domain === undefined ? [] : ["one mail domain"]),
    ...(rule.networkKeys ? ["one network"] : []),
    ...(rule.country ? [`country ${rule.country}`] : []),
    ...(rule.from ? [`from ${minute(rule.from)}`] : []),
    ...(rule.to ? [`before ${minute(rule.to)}`] : []),
  ].join(", ");
}

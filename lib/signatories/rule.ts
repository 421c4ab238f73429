import { z } from "zod";
import { Prisma } from "@/lib/db/generated/client";
import { domainOf } from "@/lib/mailbox";
import { networkKeys } from "@/lib/network";
import { foldName, nameBuckets, type Person } from "@/lib/people";

const ruleSchema = z.object({
  /** Only these signatures. */
  ids: z.array(z.uuid()).optional(),
  /** Folded, see `foldName`. */
  name: z.string().optional(),
  /** Domain of the mail address, in lower case. */
  domain: z.string().optional(),
  /** Any of these, in base64. A network has a different key each day. */
  networkKeys: z.array(z.base64()).optional(),
  country: z.string().optional(),
  /** From this time on (inclusive), and before `to` (exclusive). */
  from: z.coerce.date().optional(),
  to: z.coerce.date().optional(),
});

/** Selects signatures: those that meet every condition given. Stored sealed, since it may name somebody. */
export type SignatureRule = z.output<typeof ruleSchema>;

/** A rule as an owner typed it. Empty texts are no condition. */
export type TypedRule = {
  name: string;
  domain: string;
  network: string;
  country: string;
  from: Date | undefined;
  to: Date | undefined;
};

/** Converts a typed rule. A network that did not sign in the last two days matches nothing. */
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

/** Parses a rule stored as JSON. */
export function readRule(text: string): SignatureRule {
  return ruleSchema.parse(JSON.parse(text));
}

/** Whether a rule has any condition. Without one it would match everybody. */
export function isRule(rule: SignatureRule): boolean {
  return Object.keys(ruleSchema.shape).some((name) => rule[name as keyof SignatureRule] !== undefined);
}

/** Returns the conditions the database can check on `signature`. They may match too many: see `meets`. */
export function conditionsOf(rule: SignatureRule): Prisma.Sql[] {
  return [
    ...narrowing(rule),
    // Only recent signatures have a key. Saying so explicitly lets the query use their index.
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

/** Returns those conditions by which the database can find the few candidate signatures. */
export function narrowing(rule: SignatureRule): Prisma.Sql[] {
  return [
    ...(rule.ids ? [Prisma.sql`signature.id = ANY(${rule.ids}::uuid[])`] : []),
    ...(rule.name === undefined ? [] : [Prisma.sql`name_bucket = ANY(${nameBuckets(rule.name)}::int[])`]),
  ];
}

/** Whether a rule has conditions that can only be checked on a decrypted signature. */
export function needsOpening(rule: SignatureRule): boolean {
  return rule.name !== undefined || rule.domain !== undefined;
}

/** Whether a person meets those conditions of a rule that can only be checked on a decrypted signature. */
export function meets({ name, email }: Person, rule: SignatureRule): boolean {
  return (
    (rule.name === undefined || foldName(name) === rule.name) &&
    (rule.domain === undefined || domainOf(email) === rule.domain)
  );
}

/** Describes a rule's conditions in words that identify nobody. */
export function described(rule: SignatureRule): string {
  const minute = (at: Date) => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
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

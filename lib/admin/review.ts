import { database } from "@/lib/db/client";
import { inLongTransaction } from "@/lib/db/connection";
import { open } from "@/lib/db/encryption";
import { Prisma } from "@/lib/db/generated/client";
import { settings } from "@/lib/settings";
import { nameKey } from "@/lib/signing";
import { recordAudit } from "./audit";
import { JOKE_NAMES } from "./joke-names";
import type { Actor } from "./roles";
import type { SignatureRule } from "./rule";

/** From how many signatures on a name, or a network, is worth a look. */
export const SAME_NAME_FROM = 10;
export const ONE_NETWORK_FROM = 20;
/** A burst: this many from one country in one hour, and as many times what its other hours bring on average. */
export const BURST_FROM = 50;
export const BURST_TIMES = 10;
/** Hours that a country must have had before one of them can stand out. */
const BURST_HOURS_FROM = 6;
/** Groups kept of each kind, the greatest first. */
const GROUPS_OF_A_KIND = 200;
const GROUPS_SHOWN = 100;
/** Any number that no other use of advisory locks in this database takes. */
const REVIEW_LOCK_KEY = 7_240_121;
/** How long a group of one network means anything, in hours: then its signatures forget their network. */
const NETWORK_GROUP_HOURS = 48;
/** The longest that the search for groups may take, in milliseconds: it reads the keys of all signatures. */
const SEARCH_MILLISECONDS = 60_000;

export const GROUP_KINDS = ["joke-name", "look-alike", "network", "burst", "same-name"] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

export type ReviewGroup = {
  id: string;
  kind: GroupKind;
  signatures: number;
  lastAt: Date;
  country: string | null;
  signedFrom: Date | null;
  /** The name on one of its signatures; null when that one is gone. */
  example: string | null;
};

/**
 * Looks for signatures that look made up and keeps them as groups; nothing is done with them. Groups that are no longer
 * found go, save those found genuine, which are not to come back. One process at a time; others leave it to that one.
 */
export async function findReviewGroups(): Promise<void> {
  const { databaseUrl } = settings();
  if (databaseUrl === null) throw new Error("likely fakes are looked for in a database");
  const jokes = JOKE_NAMES.map(nameKey);
  // Of its own: those of requests give up far sooner.
  await inLongTransaction(
    databaseUrl,
    { name: "review", statementMilliseconds: SEARCH_MILLISECONDS },
    async (client) => {
      const run = ({ text, values }: Prisma.Sql) => client.query(text, values);
      // One core at the most: those who sign need the others.
      await client.query("SET LOCAL max_parallel_workers_per_gather = 0");
      const { rows } = await client.query<{ free: boolean }>("SELECT pg_try_advisory_xact_lock($1) AS free", [
        REVIEW_LOCK_KEY,
      ]);
      if (rows[0]?.free) {
        await run(Prisma.sql`
        INSERT INTO review_group (id, campaign_id, kind, key, country, signed_from, signed_to, example_id, signatures, last_at)
        SELECT gen_random_uuid(), campaign.id, kind, key, found.country, signed_from, signed_from + interval '1 hour',
          example_id, signatures, last_at
        FROM campaign, LATERAL (
          (SELECT 'look-alike' AS kind, email_canonical_key AS key, NULL::char(2) AS country, NULL::timestamptz AS signed_from,
              (array_agg(id))[1] AS example_id, count(*)::int AS signatures, max(signed_at) AS last_at
            FROM signature WHERE campaign_id = campaign.id AND state <> 'invalid' AND email_canonical_key IS NOT NULL
            GROUP BY email_canonical_key HAVING count(*) > 1 ORDER BY 6 DESC LIMIT ${GROUPS_OF_A_KIND})
          UNION ALL
          (SELECT CASE WHEN name_key = ANY(${jokes}::bytea[]) THEN 'joke-name' ELSE 'same-name' END, name_key, NULL, NULL,
              (array_agg(id))[1], count(*)::int, max(signed_at)
            FROM signature WHERE campaign_id = campaign.id AND state <> 'invalid' AND name_key IS NOT NULL
            GROUP BY name_key HAVING count(*) >= ${SAME_NAME_FROM} OR name_key = ANY(${jokes}::bytea[])
            ORDER BY name_key = ANY(${jokes}::bytea[]) DESC, 6 DESC LIMIT ${GROUPS_OF_A_KIND * 2})
          UNION ALL
          (SELECT 'network', network_key, NULL, NULL, (array_agg(id))[1], count(*)::int, max(signed_at)
            FROM signature WHERE campaign_id = campaign.id AND state <> 'invalid' AND network_key IS NOT NULL
            GROUP BY network_key HAVING count(*) >= ${ONE_NETWORK_FROM} ORDER BY 6 DESC LIMIT ${GROUPS_OF_A_KIND})
          UNION ALL
          (SELECT 'burst', convert_to(country || ' ' || extract(epoch FROM hour)::bigint, 'UTF8'), country, hour, NULL, signed, hour
            FROM (
              SELECT country, hour, sum(signed)::int AS signed, count(*) OVER of_country AS hours,
                sum(sum(signed)) OVER of_country AS of_all
              FROM signature_hour WHERE campaign_id = campaign.id GROUP BY country, hour
              WINDOW of_country AS (PARTITION BY country)
            ) AS hours
            WHERE signed >= ${BURST_FROM}::int AND hours > ${BURST_HOURS_FROM}::int
              AND signed >= ${BURST_TIMES}::int * (of_all - signed) / (hours - 1)
            ORDER BY signed DESC LIMIT ${GROUPS_OF_A_KIND})
        ) AS found
        ON CONFLICT (campaign_id, kind, key) DO UPDATE SET signatures = EXCLUDED.signatures, last_at = EXCLUDED.last_at,
          example_id = EXCLUDED.example_id, found_at = EXCLUDED.found_at`);
        await run(Prisma.sql`
        DELETE FROM review_group WHERE reviewed_at IS NULL AND found_at < now()::timestamptz(3)
          OR kind = 'network' AND last_at < now() - make_interval(hours => ${NETWORK_GROUP_HOURS}::int)`);
      }
    },
  );
}

/** Groups that nobody has found genuine yet, of each kind the greatest first. */
export async function reviewGroups(slug: string): Promise<ReviewGroup[]> {
  const rows = await database().$queryRaw<
    (Omit<ReviewGroup, "example"> & {
      exampleId: string | null;
      dataKeyId: string | null;
      name: Uint8Array | null;
    })[]
  >`
    SELECT review_group.id, kind, signatures, last_at AS "lastAt", review_group.country, signed_from AS "signedFrom",
      signature.id AS "exampleId", data_key_id AS "dataKeyId", name_encrypted AS name
    FROM (
      SELECT *, row_number() OVER (PARTITION BY kind ORDER BY signatures DESC, id) AS place FROM review_group
      WHERE campaign_id = (SELECT id FROM campaign WHERE slug = ${slug}) AND reviewed_at IS NULL
    ) AS review_group LEFT JOIN signature ON signature.id = example_id
    WHERE place <= ${GROUPS_SHOWN} ORDER BY kind, place`;
  return rows.map(({ exampleId, dataKeyId, name, ...group }) => ({
    ...group,
    example:
      exampleId && dataKeyId && name
        ? open(name, dataKeyId, { table: "signature", column: "name", id: exampleId })
        : null,
  }));
}

/** Which signatures belong to a group now; null when there is no such group. */
export async function ruleOfGroup(id: string): Promise<SignatureRule | null> {
  const group = await database().reviewGroup.findUnique({ where: { id } });
  if (!group) return null;
  switch (group.kind as GroupKind) {
    case "look-alike":
      return { emailCanonicalKey: group.key };
    case "joke-name":
    case "same-name":
      return { nameKey: group.key };
    case "network":
      return { networkKeys: [group.key] };
    case "burst":
      return {
        country: group.country ?? undefined,
        from: group.signedFrom ?? undefined,
        to: group.signedTo ?? undefined,
      };
  }
}

/** Notes that a group is genuine: it is not shown again. @returns false when it is gone or was noted already. */
export function markGenuine(actor: Actor, id: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const noted = await transaction.$executeRaw`
      UPDATE review_group SET reviewed_at = now(), reviewed_by = ${actor.label}
      WHERE id = ${id}::uuid AND reviewed_at IS NULL`;
    if (noted === 0) return false;
    await recordAudit({ actor, action: "review.genuine", subject: id, detail: { group: id } }, transaction);
    return true;
  });
}

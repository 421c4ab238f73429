import { database, readMany } from "@/lib/db/client";
import { type AbuseAlarmKind, Prisma } from "@/lib/db/generated/client";
import { log } from "@/lib/log";
import { domainOf } from "@/lib/mailbox";
import { openPeople, type SealedPerson } from "@/lib/people";

/** Fewest signatures in an hour that raise an alarm. A domain is named only if this many share it. */
const ALARM_MINIMUM_SIGNATURES = 50;
/** An alarm is raised at this multiple of the usual number. */
const ALARM_TIMES_USUAL = 5;
/** Most recent signatures whose networks are checked. Bounds the cost. */
const RECENT_SIGNATURES_MAXIMUM = 100_000;
/** Most recent signatures opened for their domains, and earlier ones as the baseline: about 0.1 s of work. */
const RECENT_OPENED_MAXIMUM = 20_000;
const EARLIER_OPENED_MAXIMUM = 5_000;
/** With fewer earlier signatures than this there is no baseline yet. */
const EARLIER_SIGNATURES_MINIMUM = 200;
/** How long an alarm is shown after it was last true, in hours. */
const ALARM_SHOWN_HOURS = 24;

/** A network or mail domain from which far more people than usual signed within an hour. */
export type Alarm = {
  kind: AbuseAlarmKind;
  /** The domain's name. Null for a network: only its key is known. */
  domain: string | null;
  signatures: number;
  usual: number;
  lastAt: Date;
};

type Raised = { kind: Alarm["kind"]; signatures: number; isNew: boolean };

/**
 * Compares the last hour with what is usual and records alarms. A network is compared with the hour's other
 * networks, a domain with its share of earlier signatures. Safe to repeat and to run in several processes.
 * @returns how many alarms are new.
 */
export async function raiseAlarms(): Promise<number> {
  const campaigns = await database().campaign.findMany({ where: { status: "open" }, select: { id: true } });
  let raised = 0;
  for (const { id } of campaigns) {
    const alarms = [...(await noteNetworks(id)), ...(await noteDomains(id))].filter(({ isNew }) => isNew);
    for (const { kind, signatures } of alarms)
      log.warn("more than usual sign from one place", { kind, signatures });
    raised += alarms.length;
  }
  await database().$executeRaw`
    DELETE FROM abuse_alarm WHERE last_at < now() - make_interval(hours => ${ALARM_SHOWN_HOURS}::int)`;
  return raised;
}

function noteNetworks(campaignId: string): Promise<Raised[]> {
  return database().$queryRaw<Raised[]>`
    WITH recent AS (
      SELECT network_key FROM signature
      WHERE campaign_id = ${campaignId}::uuid AND signed_at > now() - interval '1 hour'
      ORDER BY signed_at DESC LIMIT ${RECENT_SIGNATURES_MAXIMUM}
    ),
    network AS (
      SELECT network_key AS key, count(*) AS signatures, sum(count(*)) OVER () AS everywhere, count(*) OVER () AS networks
      FROM recent WHERE network_key IS NOT NULL GROUP BY network_key
    ),
    judged AS (
      SELECT key, signatures, (everywhere - signatures) / greatest(networks - 1, 1) AS usual FROM network
    )
    INSERT INTO abuse_alarm (campaign_id, kind, key, signatures, usual)
    SELECT ${campaignId}::uuid, 'network', key, signatures, usual FROM judged
    WHERE signatures >= ${ALARM_MINIMUM_SIGNATURES} AND signatures >= ${ALARM_TIMES_USUAL} * usual
    ON CONFLICT (campaign_id, kind, key)
    DO UPDATE SET signatures = EXCLUDED.signatures, usual = EXCLUDED.usual, last_at = now()
    RETURNING kind, signatures, (xmax = 0) AS "isNew"`;
}

/** Opens a bounded number of addresses. Keeps only the names of domains that many signers share. */
async function noteDomains(campaignId: string): Promise<Raised[]> {
  const recent = await domainsOf(
    campaignId,
    Prisma.sql`signed_at > now() - interval '1 hour'`,
    RECENT_OPENED_MAXIMUM,
  );
  const suspects = [...recent.counts].filter(([, signatures]) => signatures >= ALARM_MINIMUM_SIGNATURES);
  if (suspects.length === 0) return [];
  const earlier = await domainsOf(
    campaignId,
    Prisma.sql`signed_at <= now() - interval '1 hour'`,
    EARLIER_OPENED_MAXIMUM,
  );
  if (earlier.all < EARLIER_SIGNATURES_MINIMUM) return [];
  const alarms = suspects
    .map(([domain, signatures]) => ({
      domain,
      signatures,
      usual: ((earlier.counts.get(domain) ?? 0) * recent.all) / earlier.all,
    }))
    .filter(({ signatures, usual }) => signatures >= ALARM_TIMES_USUAL * usual);
  return database().$queryRaw<Raised[]>`
    INSERT INTO abuse_alarm (campaign_id, kind, key, domain, signatures, usual)
    SELECT ${campaignId}::uuid, 'domain', convert_to(domain, 'UTF8'), domain, signatures, usual
    FROM json_to_recordset(${JSON.stringify(alarms)}::json) AS alarm (domain text, signatures int, usual float8)
    ON CONFLICT (campaign_id, kind, key)
    DO UPDATE SET signatures = EXCLUDED.signatures, usual = EXCLUDED.usual, last_at = now()
    RETURNING kind, signatures, (xmax = 0) AS "isNew"`;
}

/** Counts, by domain, the addresses of the latest `most` signatures that meet a condition. */
async function domainsOf(
  campaignId: string,
  condition: Prisma.Sql,
  most: number,
): Promise<{ counts: Map<string, number>; all: number }> {
  const rows = await readMany<SealedPerson>(Prisma.sql`
    SELECT id, data_key_id AS "dataKeyId", person_encrypted AS person FROM signature
    WHERE campaign_id = ${campaignId}::uuid AND has_address AND ${condition} ORDER BY signed_at DESC LIMIT ${most}`);
  const counts = new Map<string, number>();
  for (const { email } of await openPeople(rows)) {
    const domain = domainOf(email);
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  return { counts, all: rows.length };
}

/** Returns a campaign's alarms, most recent first. */
export function alarmsOf(slug: string): Promise<Alarm[]> {
  return database().$queryRaw<Alarm[]>`
    SELECT kind, domain, signatures, usual, last_at AS "lastAt"
    FROM abuse_alarm JOIN campaign ON campaign.id = abuse_alarm.campaign_id
    WHERE campaign.slug = ${slug} ORDER BY last_at DESC, signatures DESC LIMIT 20`;
}

import { database } from "@/lib/db/client";
import { open } from "@/lib/db/encryption";
import { log } from "@/lib/log";
import { domainOf } from "@/lib/mailbox";

/** Signatures in an hour below which nothing is an alarm. So many share a domain, too, before its name is told. */
const ALARM_MINIMUM_SIGNATURES = 50;
/** How many times the usual number make an alarm. */
const ALARM_TIMES_USUAL = 5;
/** The latest signatures that are looked at, and those before them that say what is usual: both bound the cost. */
const RECENT_SIGNATURES_MAXIMUM = 100_000;
const EARLIER_SIGNATURES_MAXIMUM = 20_000;
/** With fewer before, nothing is usual yet. */
const EARLIER_SIGNATURES_MINIMUM = 200;
/** How long an alarm is shown after it was last true, in hours. */
export const ALARM_SHOWN_HOURS = 24;

/** A network or mail domain that many more signed from in an hour than is usual. */
export type Alarm = {
  kind: "network" | "domain";
  /** The domain's name; null for a network, which is known by nothing but its key. */
  domain: string | null;
  signatures: number;
  usual: number;
  firstAt: Date;
  lastAt: Date;
};

type Raised = {
  campaignId: string;
  kind: Alarm["kind"];
  key: Uint8Array;
  signatures: number;
  isNew: boolean;
};

/**
 * Holds the last hour against what is usual: a network against the other networks of the hour, a domain against its share
 * of the signatures before. Safe to repeat and to run anywhere. @returns how many alarms are new.
 */
export async function raiseAlarms(): Promise<number> {
  const campaigns = await database().campaign.findMany({ where: { status: "open" }, select: { id: true } });
  let raised = 0;
  for (const { id } of campaigns) {
    const alarms = (await noteAlarms(id)).filter(({ isNew }) => isNew);
    for (const alarm of alarms) {
      if (alarm.kind === "domain") await nameDomain(alarm);
      log.warn("more than usual sign from one place", { kind: alarm.kind, signatures: alarm.signatures });
    }
    raised += alarms.length;
  }
  await database().$executeRaw`
    DELETE FROM abuse_alarm WHERE last_at < now() - make_interval(hours => ${ALARM_SHOWN_HOURS}::int)`;
  return raised;
}

function noteAlarms(campaignId: string): Promise<Raised[]> {
  return database().$queryRaw<Raised[]>`
    WITH recent AS (
      SELECT network_key, email_domain_key FROM signature
      WHERE campaign_id = ${campaignId}::uuid AND signed_at > now() - interval '1 hour'
      ORDER BY signed_at DESC LIMIT ${RECENT_SIGNATURES_MAXIMUM}
    ),
    earlier AS (
      SELECT email_domain_key FROM signature
      WHERE campaign_id = ${campaignId}::uuid AND signed_at <= now() - interval '1 hour'
      ORDER BY signed_at DESC LIMIT ${EARLIER_SIGNATURES_MAXIMUM}
    ),
    network AS (
      SELECT network_key AS key, count(*) AS signatures, sum(count(*)) OVER () AS everywhere, count(*) OVER () AS networks
      FROM recent WHERE network_key IS NOT NULL GROUP BY network_key
    ),
    domain AS (
      SELECT email_domain_key AS key, count(*) AS signatures, sum(count(*)) OVER () AS everywhere,
        (SELECT count(*) FROM earlier WHERE earlier.email_domain_key = recent.email_domain_key) AS before
      FROM recent WHERE email_domain_key IS NOT NULL GROUP BY email_domain_key
      HAVING count(*) >= ${ALARM_MINIMUM_SIGNATURES}
    ),
    judged AS (
      SELECT 'network' AS kind, key, signatures, (everywhere - signatures) / greatest(networks - 1, 1) AS usual FROM network
      UNION ALL
      SELECT 'domain', key, signatures, before * everywhere / (SELECT count(*) FROM earlier) FROM domain
      WHERE (SELECT count(*) FROM earlier) >= ${EARLIER_SIGNATURES_MINIMUM}
    )
    INSERT INTO abuse_alarm (campaign_id, kind, key, signatures, usual)
    SELECT ${campaignId}::uuid, kind, key, signatures, usual FROM judged
    WHERE signatures >= ${ALARM_MINIMUM_SIGNATURES} AND signatures >= ${ALARM_TIMES_USUAL} * usual
    ON CONFLICT (campaign_id, kind, key)
    DO UPDATE SET signatures = EXCLUDED.signatures, usual = EXCLUDED.usual, last_at = now()
    RETURNING campaign_id AS "campaignId", kind, key, signatures, (xmax = 0) AS "isNew"`;
}

/** Reads a domain's name out of one of its many addresses: an owner who wants to block it must know it. */
async function nameDomain({ campaignId, kind, key }: Raised): Promise<void> {
  const row = await database().signature.findFirst({
    where: { campaignId, emailDomainKey: Buffer.from(key) },
    orderBy: { signedAt: "desc" },
    select: { id: true, dataKeyId: true, emailEncrypted: true },
  });
  if (!row) return;
  const email = open(row.emailEncrypted, row.dataKeyId, { table: "signature", column: "email", id: row.id });
  await database().$executeRaw`UPDATE abuse_alarm SET domain = ${domainOf(email)}
      WHERE campaign_id = ${campaignId}::uuid AND kind = ${kind} AND key = ${Buffer.from(key)}`;
}

/** The alarms of a campaign, the latest first. */
export function alarmsOf(slug: string): Promise<Alarm[]> {
  return database().$queryRaw<Alarm[]>`
    SELECT kind, domain, signatures, usual, first_at AS "firstAt", last_at AS "lastAt"
    FROM abuse_alarm JOIN campaign ON campaign.id = abuse_alarm.campaign_id
    WHERE campaign.slug = ${slug} ORDER BY last_at DESC, signatures DESC LIMIT 20`;
}

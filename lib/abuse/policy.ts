import { BlockList, isIP, isIPv6 } from "node:net";
import { listen } from "@/lib/announcements";
import { database } from "@/lib/db/client";
import { domainOf, mailboxKey } from "@/lib/mailbox";
import { perProcess } from "@/lib/per-process";

/** How many may sign before more is asked of them: per network without a proof of work, and per campaign. */
export type Limits = {
  networkPerMinute: number;
  networkPerHour: number;
  campaignPerMinute: number;
  campaignPerHour: number;
};

/**
 * Defaults for campaigns without limits of their own. Network: low enough that a bot can trigger at most 60
 * mails an hour. Campaign: three times the greatest rush that any petition has seen.
 */
export const DEFAULT_LIMITS: Limits = {
  networkPerMinute: 30,
  networkPerHour: 60,
  campaignPerMinute: 60_000,
  campaignPerHour: 1_500_000,
};

/** Lowest and highest values an owner may set. The database enforces the same bounds. */
export const LIMIT_BOUNDS: Record<keyof Limits, readonly [number, number]> = {
  networkPerMinute: [5, 600],
  networkPerHour: [10, 6_000],
  campaignPerMinute: [60, 600_000],
  campaignPerHour: [600, 20_000_000],
};

export type PolicyOptions = {
  /** Refuse addresses of disposable mail providers. */
  refuseDisposable: boolean;
  /** Refuse addresses whose domain accepts no mail according to DNS. */
  checkMailDomain: boolean;
};

export const DEFAULT_OPTIONS: PolicyOptions = { refuseDisposable: false, checkMailDomain: false };

export type Verdict = "block" | "allow";

type List = { mailboxKeys: Set<string>; domains: Set<string>; networks: BlockList };

/** A campaign's abuse policy: its limits, options, and block and allow lists. */
export type AbusePolicy = PolicyOptions & {
  campaignId: string | null;
  limits: Limits;
  block: List;
  allow: List;
};

/** Which list an attempt matched, and by what. Allowing takes precedence over blocking. */
export type Listing = "allowed" | "blocked-address" | "blocked-domain" | "blocked-network" | null;

/** How long the cached lists are used when no announcement reports a change, in milliseconds. */
const KEPT_MILLISECONDS = 10_000;

const state = perProcess(
  "abuse/policy",
  (): { policies?: { readAt: number; bySlug: Promise<Map<string, AbusePolicy>> } } => ({}),
);

/** Returns the cached abuse policy of a campaign, or the defaults if it is unknown. */
export async function policyOf(slug: string, now = Date.now()): Promise<AbusePolicy> {
  if (!state.policies || now - state.policies.readAt > KEPT_MILLISECONDS)
    state.policies = { readAt: now, bySlug: readPolicies() };
  const reading = state.policies;
  try {
    return (await reading.bySlug).get(slug) ?? newPolicy(null);
  } catch (error) {
    if (state.policies === reading) delete state.policies;
    throw error;
  }
}

/** Drops the cached policies; the next attempt reads them again. */
export function forgetPolicies(): void {
  delete state.policies;
}

/** Returns which list an attempt is on, or null. The client address is checked but not stored. */
export function listingOf({ allow, block }: AbusePolicy, email: string, clientAddress: string): Listing {
  if (isOn(allow, email, clientAddress) !== null) return "allowed";
  const by = isOn(block, email, clientAddress);
  return by === null ? null : `blocked-${by}`;
}

function isOn(list: List, email: string, clientAddress: string): "address" | "domain" | "network" | null {
  if (list.mailboxKeys.size > 0 && list.mailboxKeys.has(mailboxKey(email).toString("hex"))) return "address";
  if (list.domains.size > 0 && isDomainOn(list.domains, email)) return "domain";
  if (isIP(clientAddress) !== 0 && list.networks.check(clientAddress, familyOf(clientAddress)))
    return "network";
  return null;
}

function isDomainOn(domains: ReadonlySet<string>, email: string): boolean {
  const labels = domainOf(email).split(".");
  return (
    domains.has(labels.join(".")) ||
    labels.some((_, first) => first > 0 && domains.has(`*.${labels.slice(first).join(".")}`))
  );
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIPv6(address) ? "ipv6" : "ipv4";
}

function newPolicy(campaignId: string | null): AbusePolicy {
  const list = (): List => ({ mailboxKeys: new Set(), domains: new Set(), networks: new BlockList() });
  return { campaignId, limits: DEFAULT_LIMITS, ...DEFAULT_OPTIONS, block: list(), allow: list() };
}

type PolicyRow = { id: string; slug: string } & {
  [Name in keyof (Limits & PolicyOptions)]: (Limits & PolicyOptions)[Name] | null;
};
type EntryRow = {
  campaignId: string;
  verdict: Verdict;
  mailboxKey: string | null;
  domain: string | null;
  network: string | null;
};

/** Reads all campaigns' policies at once: they are few, and no query depends on what somebody posted. */
async function readPolicies(): Promise<Map<string, AbusePolicy>> {
  const [campaigns, entries] = await Promise.all([
    database().$queryRaw<PolicyRow[]>`
      SELECT campaign.id, campaign.slug, network_per_minute AS "networkPerMinute", network_per_hour AS "networkPerHour",
        campaign_per_minute AS "campaignPerMinute", campaign_per_hour AS "campaignPerHour",
        refuse_disposable AS "refuseDisposable", check_mail_domain AS "checkMailDomain"
      FROM campaign LEFT JOIN abuse_policy ON abuse_policy.campaign_id = campaign.id`,
    database().$queryRaw<EntryRow[]>`
      SELECT campaign_id AS "campaignId", verdict::text, encode(mailbox_key, 'hex') AS "mailboxKey", domain, network::text
      FROM abuse_list_entry`,
  ]);
  const byId = new Map(campaigns.map((row) => [row.id, withSettings(newPolicy(row.id), row)]));
  for (const entry of entries) {
    const policy = byId.get(entry.campaignId);
    if (policy) addTo(policy[entry.verdict], entry);
  }
  return new Map(campaigns.map(({ id, slug }) => [slug, byId.get(id) ?? newPolicy(id)]));
}

function withSettings(policy: AbusePolicy, row: PolicyRow): AbusePolicy {
  const { limits } = policy;
  return {
    ...policy,
    limits: {
      networkPerMinute: row.networkPerMinute ?? limits.networkPerMinute,
      networkPerHour: row.networkPerHour ?? limits.networkPerHour,
      campaignPerMinute: row.campaignPerMinute ?? limits.campaignPerMinute,
      campaignPerHour: row.campaignPerHour ?? limits.campaignPerHour,
    },
    refuseDisposable: row.refuseDisposable ?? policy.refuseDisposable,
    checkMailDomain: row.checkMailDomain ?? policy.checkMailDomain,
  };
}

function addTo(list: List, { mailboxKey: key, domain, network }: EntryRow): void {
  if (key !== null) list.mailboxKeys.add(key);
  if (domain !== null) list.domains.add(domain);
  if (network !== null) {
    const [address = "", bits = ""] = network.split("/");
    list.networks.addSubnet(address, Number(bits), familyOf(address));
  }
}

/** Drops the cached policies whenever a process announces a change, until the signal aborts. */
export function followPolicies(signal: AbortSignal): Promise<void> {
  return listen("abuse_policy", forgetPolicies, signal);
}

import { isIP } from "node:net";
import { v7 as uuidv7 } from "uuid";
import { type Actor, recordAudit } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { asciiDomain, mailboxKey } from "@/lib/mailbox";
import { type Edit, mergeEdit, type Values } from "@/lib/merge-edits";
import { checkEmail } from "@/lib/signing";
import {
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  LIMIT_BOUNDS,
  type Limits,
  type PolicyOptions,
  type Verdict,
} from "./policy";

/** Most list entries per campaign. Every process keeps them in memory. */
const LIST_ENTRIES_MAXIMUM = 10_000;
const LIST_NOTE_MAXIMUM_CHARACTERS = 200;
/** Widest network that may be listed, in bits by IP version. Nobody blocks half the world by a slip. */
const WIDEST_NETWORK_BITS = { 4: 8, 6: 16 } as const;
const DOMAIN_FORM = /^(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/;

type PolicySettings = { limits: Limits; options: PolicyOptions };
/** A list entry as the desk shows it. For an address there is nothing to show: only its key is stored. */
export type AbuseListEntry = {
  id: string;
  verdict: Verdict;
  domain: string | null;
  network: string | null;
  note: string;
  createdAt: Date;
};
type Subject =
  | { kind: "address"; mailboxKey: Buffer<ArrayBuffer> }
  | { kind: "domain" | "network"; text: string };

/** Returns a campaign's settings and its 200 newest list entries; null when there is no such campaign. */
export async function policySettings(
  slug: string,
): Promise<(PolicySettings & { entries: AbuseListEntry[]; total: number }) | null> {
  const campaign = await database().campaign.findUnique({ where: { slug }, include: { abusePolicy: true } });
  if (!campaign) return null;
  const { abusePolicy: policy } = campaign;
  const [entries, total] = await Promise.all([
    database().$queryRaw<AbuseListEntry[]>`
      SELECT id, verdict::text, domain, network::text, note, created_at AS "createdAt" FROM abuse_list_entry
      WHERE campaign_id = ${campaign.id}::uuid ORDER BY created_at DESC, id DESC LIMIT 200`,
    database().abuseListEntry.count({ where: { campaignId: campaign.id } }),
  ]);
  return {
    limits: policy ?? DEFAULT_LIMITS,
    options: policy ?? DEFAULT_OPTIONS,
    entries,
    total,
  };
}

/** Outcome of a change: done, or what to correct in which field. */
export type PolicyChange = { ok: true } | { ok: false; field: string; mistake: string };

/** Outcome of a change to the settings: also what somebody else has set meanwhile. */
export type SettingsChange = PolicyChange | { ok: false; theirs: Values };

/** Returns settings as the fields of a form: numbers as digits, options as `yes` or nothing. */
export function policyFields({ limits, options }: PolicySettings): Values {
  return Object.fromEntries([
    ...LIMITS.map((name) => [name, String(limits[name])]),
    ...OPTIONS.map((name) => [name, options[name] ? "yes" : ""]),
  ]);
}

/**
 * Sets a campaign's limits and options, as `policyFields` shows them. Refuses values out of bounds. Edits take
 * turns. Signing, which only refers to the campaign's row, does not wait.
 */
export async function setPolicy(actor: Actor, slug: string, edit: Edit): Promise<SettingsChange> {
  return database().$transaction(async (transaction) => {
    const [campaign] = await transaction.$queryRaw<{ id: string }[]>`
      SELECT id FROM campaign WHERE slug = ${slug} FOR NO KEY UPDATE`;
    if (!campaign) throw new Error(`there is no campaign ${slug}`);
    const campaignId = campaign.id;
    const policy = await transaction.abusePolicy.findUnique({ where: { campaignId } });
    const current = policyFields({ limits: policy ?? DEFAULT_LIMITS, options: policy ?? DEFAULT_OPTIONS });
    const merged = mergeEdit(edit, current);
    if (!merged.ok) return merged;
    const fields = { ...current, ...merged.changes };
    const mistake = mistakeIn(fields);
    if (mistake !== null) return mistake;
    const settings = {
      ...(Object.fromEntries(LIMITS.map((name) => [name, Number(fields[name])])) as Limits),
      ...(Object.fromEntries(OPTIONS.map((name) => [name, fields[name] === "yes"])) as PolicyOptions),
    };
    await transaction.abusePolicy.upsert({
      where: { campaignId },
      create: { campaignId, ...settings },
      update: settings,
    });
    await recordAudit({ actor, action: "limits.set", campaign: slug, detail: settings }, transaction);
    return { ok: true };
  });
}

function mistakeIn(fields: Values): PolicyChange | null {
  for (const name of LIMITS) {
    const limit = Number(fields[name]);
    const [least, most] = LIMIT_BOUNDS[name];
    if (fields[name] === "" || !Number.isInteger(limit) || limit < least || limit > most) {
      const mistake = `From ${LIMIT_NAMES[name]}: write a whole number from ${least} to ${most}.`;
      return { ok: false, field: name, mistake };
    }
  }
  if (Number(fields.networkPerHour) < Number(fields.networkPerMinute)) {
    const mistake = "From one network in an hour: the number must not be lower than the one for a minute.";
    return { ok: false, field: "networkPerHour", mistake };
  }
  return null;
}

/** Names of the limits, for the desk. */
export const LIMIT_NAMES: Record<keyof Limits, string> = {
  networkPerMinute: "one network in a minute",
  networkPerHour: "one network in an hour",
  campaignPerMinute: "the campaign in a minute",
  campaignPerHour: "the campaign in an hour",
};
/** What the options do, for the desk. */
export const OPTION_NAMES: Record<keyof PolicyOptions, string> = {
  refuseDisposable: "Refuse addresses at disposable mail providers",
  checkMailDomain: "Refuse addresses whose domain accepts no mail according to its DNS records",
};
const LIMITS = Object.keys(LIMIT_NAMES) as (keyof Limits)[];
const OPTIONS = Object.keys(OPTION_NAMES) as (keyof PolicyOptions)[];

/**
 * Adds an address, a domain (`example.org`, `*.example.org`) or a network (`203.0.113.0/24`) to a list. An
 * existing entry gets the new verdict and note.
 */
export async function addListEntry(
  actor: Actor,
  slug: string,
  { verdict, subject: typed, note }: { verdict: Verdict; subject: string; note: string },
): Promise<PolicyChange> {
  const subject = readSubject(typed.trim());
  if (subject === null)
    return {
      ok: false,
      field: "subject",
      mistake:
        "Write an address (name@example.org), a domain (example.org, or *.example.org for all below it) or a network (203.0.113.0/24, at widest /8, or /16 of IPv6).",
    };
  if (note.length > LIST_NOTE_MAXIMUM_CHARACTERS)
    return {
      ok: false,
      field: "note",
      mistake: `Note: at most ${LIST_NOTE_MAXIMUM_CHARACTERS} characters.`,
    };
  return database().$transaction(async (transaction) => {
    const { id: campaignId } = await transaction.campaign.findUniqueOrThrow({ where: { slug } });
    if ((await transaction.abuseListEntry.count({ where: { campaignId } })) >= LIST_ENTRIES_MAXIMUM)
      return {
        ok: false,
        field: "subject",
        mistake: `The lists hold ${LIST_ENTRIES_MAXIMUM} entries at most: take some off.`,
      };
    const text = subject.kind === "address" ? null : subject.text;
    const [listed] = await transaction.$queryRaw<{ id: string }[]>`
      INSERT INTO abuse_list_entry (id, campaign_id, verdict, mailbox_key, domain, network, note)
      VALUES (${uuidv7()}::uuid, ${campaignId}::uuid, ${verdict}::abuse_verdict, ${subject.kind === "address" ? subject.mailboxKey : null},
        ${subject.kind === "domain" ? text : null}, network(${subject.kind === "network" ? text : null}::inet), ${note})
      ON CONFLICT (campaign_id, mailbox_key, domain, network) DO UPDATE SET verdict = EXCLUDED.verdict, note = EXCLUDED.note
      RETURNING id`;
    if (!listed) throw new Error("what is listed has an id");
    const detail = {
      verdict,
      kind: subject.kind,
      ...(text === null ? {} : { [subject.kind]: text }),
    };
    await recordAudit(
      { actor, action: "limits.list", campaign: slug, subject: listed.id, detail },
      transaction,
    );
    return { ok: true };
  });
}

/**
 * Removes an entry from a campaign's lists.
 * @returns false when the campaign has no such entry.
 */
export function removeListEntry(actor: Actor, slug: string, id: string): Promise<boolean> {
  return database().$transaction(async (transaction) => {
    const { count } = await transaction.abuseListEntry.deleteMany({ where: { id, campaign: { slug } } });
    if (count === 0) return false;
    await recordAudit(
      { actor, action: "limits.unlist", campaign: slug, subject: id, detail: {} },
      transaction,
    );
    return true;
  });
}

function readSubject(typed: string): Subject | null {
  if (typed.includes("@")) {
    const checked = checkEmail(typed);
    return checked.ok ? { kind: "address", mailboxKey: mailboxKey(checked.email) } : null;
  }
  const [address = "", bits, ...rest] = typed.split("/");
  const version = isIP(address);
  if (version === 4 || version === 6) {
    const longest = version === 4 ? 32 : 128;
    const length = bits === undefined ? longest : Number(bits);
    const fits = /^\d*$/.test(bits ?? "") && length >= WIDEST_NETWORK_BITS[version] && length <= longest;
    return fits && rest.length === 0 ? { kind: "network", text: `${address}/${length}` } : null;
  }
  const [, below = "", name = ""] = /^(\*\.)?(.*)$/.exec(typed) ?? [];
  const domain = `${below}${asciiDomain(name) ?? name.toLowerCase()}`;
  return DOMAIN_FORM.test(domain) ? { kind: "domain", text: domain } : null;
}

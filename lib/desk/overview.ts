import { z } from "zod";
import { type Alarm, alarmsOf } from "@/lib/abuse";
import { type ShownEntry, searchAudit, securityAlarms } from "@/lib/audit";
import { type Audience, audienceOf } from "@/lib/disclosure";
import { type BackupAlarm, backupAlarm } from "@/lib/observability";
import { type Access, mayIn } from "@/lib/roles";
import { campaignFigures } from "@/lib/signing";
import { type DeskFigures, deskFor, type MailHealth, type PublishedDesk } from "./figures";

const EXPORTS_SHOWN = 10;

/** Actions of the audit log that record what was exported. Others record how an export ended. */
const EXPORTED = ["export.started", "export.packet"];

/** What the overview tells of an export, of all that the audit log records. */
const CHOICES = ["format", "status", "country", "from", "to", "updates", "names", "reason"];

/** An export of a campaign, and what was chosen for it. */
export type LastExport = {
  at: Date;
  who: string;
  action: string;
  choices: { name: string; value: string }[];
};

/** A possible attack on the desk: too many names opened, or too many wrong codes in a session or for an account. */
export type SecurityAlarm = { at: Date; who: string } & (
  | { kind: "names"; names: number }
  | { kind: "session" }
  | { kind: "account"; account: string }
);

/** How the whole site is doing: nothing of it belongs to one campaign. */
export type SiteHealth = {
  mail: MailHealth;
  securityAlarms: SecurityAlarm[];
  backup: BackupAlarm | null;
};

/** All figures of a campaign, for those who may open its signatories. */
export type ExactOverview = { kind: "exact"; asOf: Date; goal: number } & Omit<DeskFigures, "mail"> & {
    exports: LastExport[];
    alarms: Alarm[];
    /** Null for those who may open signatories in single campaigns only. */
    site: SiteHealth | null;
  };

/** The published figures of a campaign, for everybody else. */
export type PublishedOverview = { kind: "published"; goal: number } & PublishedDesk & {
    exports: LastExport[];
  };

export type OverviewFigures = ExactOverview | PublishedOverview;

type Viewer = Parameters<typeof audienceOf>[0] & { access: Access };

/**
 * Returns what the overview of a campaign shows to somebody; null if there is no such campaign. The page and
 * the figures that it fetches later both come from here, so neither shows more than the other.
 */
export async function overviewFor(
  slug: string,
  viewer: Viewer,
  now = new Date(),
): Promise<OverviewFigures | null> {
  const audience = audienceOf(viewer);
  const [desk, campaign, exports] = await Promise.all([
    deskFor(slug, audience, now),
    campaignFigures(slug),
    lastExports(slug, audience),
  ]);
  if (desk === null || !campaign) return null;
  const { goal } = campaign;
  if (desk.kind === "published") return { ...desk, goal, exports };
  const { mail, ...figures } = desk;
  const seesSite = mayIn(viewer.access, null, "read names");
  const [alarms, site] = await Promise.all([alarmsOf(slug), seesSite ? siteHealth(mail) : null]);
  return { ...figures, asOf: now, goal, exports, alarms, site };
}

async function siteHealth(mail: MailHealth): Promise<SiteHealth> {
  const [entries, backup] = await Promise.all([securityAlarms(), backupAlarm()]);
  return { mail, securityAlarms: entries.map(alarmOf), backup };
}

async function lastExports(slug: string, audience: Audience): Promise<LastExport[]> {
  const entries = await searchAudit({ action: EXPORTED, campaigns: [slug] }, audience, EXPORTS_SHOWN);
  return entries.map(({ at, actorLabel, action, detail }) => ({
    at,
    who: actorLabel,
    action,
    choices: choicesIn(detail),
  }));
}

function choicesIn(detail: string): LastExport["choices"] {
  const recorded = z.record(z.string(), z.unknown()).parse(JSON.parse(detail));
  return CHOICES.flatMap((name) => {
    const value = recorded[name] ?? "";
    return value === "" ? [] : [{ name, value: String(value) }];
  });
}

const alarmDetail = z.object({ account: z.string().optional(), names: z.number().optional() });

function alarmOf({ at, action, actorLabel: who, detail }: ShownEntry): SecurityAlarm {
  const { account, names = 0 } = alarmDetail.parse(JSON.parse(detail));
  if (action === "alarm.names") return { at, who, kind: "names", names };
  return account === undefined ? { at, who, kind: "session" } : { at, who, kind: "account", account };
}

import { database } from "@/lib/db/client";
import { log } from "@/lib/log";

/**
 * What the provider holds against us, whatever the mail: its key for us, the sender's domain, the sender's address, our
 * account, or that what answered was not the provider at all.
 */
export const MISCONFIGURATIONS = ["key", "domain", "sender", "account", "endpoint"] as const;
export type Misconfiguration = (typeof MISCONFIGURATIONS)[number];

/** Why the provider took no mail: what somebody must mend, and what passes by itself. */
export const MAIL_FAILURES = [...MISCONFIGURATIONS, "quota", "rate-limit", "no-answer"] as const;
export type MailFailure = (typeof MAIL_FAILURES)[number];

/** A refusal that goes on until somebody mends it. */
export type OpenFailure = { reason: Misconfiguration; answer: string; since: Date };

/** What the operator reads in the log. The desk has its own words for campaigners. */
const ADVICE = {
  key: "the provider refuses our key: put one that may send into RESEND_API_KEY and restart the worker",
  domain: "the provider has not verified the domain in MAIL_FROM: add the DNS records that it shows for it",
  sender: "the provider refuses the sender: mend MAIL_FROM, for example Campaign <petition@campaign.org>",
  account: "the provider refuses our account: sign in there, it may be unpaid or suspended",
  endpoint: "what answers is not the provider: look at RESEND_BASE_URL and at a proxy on the way",
} as const satisfies Record<Misconfiguration, string>;

/** Since when each refusal goes on that this process has logged, in milliseconds. */
const logged = new Map<Misconfiguration, number>();

function isMisconfiguration(reason: MailFailure): reason is Misconfiguration {
  return MISCONFIGURATIONS.some((each) => each === reason);
}

/**
 * Counts a request that the provider refused or did not answer. What somebody must mend is logged once by each process
 * until it is mended.
 * @param answer the provider's own word for it. Never an address: it is stored and logged.
 */
export async function noteMailFailure(reason: MailFailure, answer: string): Promise<void> {
  const lasting = isMisconfiguration(reason);
  const [row] = await database().$queryRaw<{ since: Date | null }[]>`
    INSERT INTO mail_failure (reason, answer, since) VALUES (${reason}, ${answer}, CASE WHEN ${lasting} THEN now() END)
    ON CONFLICT (reason) DO UPDATE SET total = mail_failure.total + 1, answer = EXCLUDED.answer,
      since = coalesce(mail_failure.since, EXCLUDED.since)
    RETURNING since`;
  const since = row?.since?.getTime();
  if (!lasting || since === undefined || logged.get(reason) === since) return;
  logged.set(reason, since);
  log.warn("mail is refused and kept", { reason, answer, advice: ADVICE[reason] });
}

/** Notes that the provider takes mail (again). */
export async function endMailFailures(): Promise<void> {
  const ended = await database().$queryRaw<{ reason: string }[]>`
    UPDATE mail_failure SET since = NULL WHERE since IS NOT NULL RETURNING reason`;
  for (const { reason } of ended) log.info("mail goes out again", { reason });
}

/** What the provider refuses at present, the oldest first. */
export async function openMailFailures(): Promise<OpenFailure[]> {
  const rows = await database().mailFailure.findMany({
    where: { since: { not: null } },
    orderBy: { since: "asc" },
  });
  return rows.flatMap(({ reason, answer, since }) => {
    const known = MISCONFIGURATIONS.find((each) => each === reason);
    return known === undefined || since === null ? [] : [{ reason: known, answer, since }];
  });
}

/** How many requests failed since the database was set up, by reason; every reason is there, also with none. */
export async function mailFailureTotals(): Promise<{ reason: MailFailure; total: number }[]> {
  const rows = await database().mailFailure.findMany({ select: { reason: true, total: true } });
  return MAIL_FAILURES.map((reason) => ({
    reason,
    total: Number(rows.find((row) => row.reason === reason)?.total ?? 0),
  }));
}

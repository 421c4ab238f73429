import { database } from "@/lib/db/client";
import { log } from "@/lib/log";

/**
 * Reasons for refusal that do not depend on the mail: our API key, the sender's domain, the sender's address,
 * our account, or an endpoint that is not the provider at all.
 */
export const MISCONFIGURATIONS = ["key", "domain", "sender", "account", "endpoint"] as const;
export type Misconfiguration = (typeof MISCONFIGURATIONS)[number];

/** Why the provider accepted no mail: what somebody must fix, and what passes by itself. */
export const MAIL_FAILURES = [...MISCONFIGURATIONS, "quota", "rate-limit", "no-answer"] as const;
export type MailFailure = (typeof MAIL_FAILURES)[number];

/** A refusal that lasts until somebody fixes its cause. */
export type OpenFailure = { reason: Misconfiguration; answer: string; since: Date };

/** Advice for the operator, written to the log. The desk has its own words for campaigners. */
const ADVICE = {
  key: "the provider refuses our key: put one that may send into RESEND_API_KEY and restart the worker",
  domain: "the provider has not verified the domain in MAIL_FROM: add the DNS records that it shows for it",
  sender: "the provider refuses the sender: mend MAIL_FROM, for example Campaign <petition@campaign.org>",
  account: "the provider refuses our account: sign in there, it may be unpaid or suspended",
  endpoint: "what answers is not the provider: look at RESEND_BASE_URL and at a proxy on the way",
} as const satisfies Record<Misconfiguration, string>;

/** The refusals this process has logged, with the time in milliseconds since when each has lasted. */
const logged = new Map<Misconfiguration, number>();

function isMisconfiguration(reason: MailFailure): reason is Misconfiguration {
  return MISCONFIGURATIONS.some((each) => each === reason);
}

/**
 * Counts a request that the provider refused or did not answer. Each process logs a misconfiguration once,
 * until it is fixed.
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

/** Records that the provider accepts mail (again). */
export async function endMailFailures(): Promise<void> {
  const ended = await database().$queryRaw<{ reason: string }[]>`
    UPDATE mail_failure SET since = NULL WHERE since IS NOT NULL RETURNING reason`;
  for (const { reason } of ended) log.info("mail goes out again", { reason });
}

/** Returns the current misconfigurations, oldest first. */
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

/** Returns failed requests since the database was set up, by reason. Includes reasons that never occurred. */
export async function mailFailureTotals(): Promise<{ reason: MailFailure; total: number }[]> {
  const rows = await database().mailFailure.findMany({ select: { reason: true, total: true } });
  return MAIL_FAILURES.map((reason) => ({
    reason,
    total: Number(rows.find((row) => row.reason === reason)?.total ?? 0),
  }));
}

import { forNoRequest, log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";

/** Attempts to bypass a protection (OWASP ASVS 5.0, 16.3.3). docs/protection.md describes each. */
export const SECURITY_EVENTS = [
  "foreign-post",
  "forged-notice",
  "trap-filled",
  "listed-sender",
  "false-proof",
  "spent-proof",
  "unknown-token",
  "wrong-metrics-token",
  "framework-header",
  "code-guessing",
  "names-scraping",
] as const;
export type SecurityEvent = (typeof SECURITY_EVENTS)[number];

/** Minimum time between two log lines of one kind, in milliseconds, so that floods do not fill the disk. */
const LINE_INTERVAL_MILLISECONDS = 60_000;

type Counted = { total: number; untold: number; waiting: boolean };

function countedOf(kind: SecurityEvent): Counted {
  return perProcess(`observability/security-events ${kind}`, () => ({ total: 0, untold: 0, waiting: false }));
}

/**
 * Counts an event and logs the number since the last line, at most once a minute. Never says who caused it.
 */
export function noteSecurityEvent(kind: SecurityEvent): void {
  const attempts = countedOf(kind);
  attempts.total += 1;
  attempts.untold += 1;
  if (!attempts.waiting) tell(kind, attempts);
}

function tell(kind: SecurityEvent, attempts: Counted): void {
  attempts.waiting = attempts.untold > 0;
  if (!attempts.waiting) return;
  log.warn("attempt", { kind, attempts: attempts.untold });
  attempts.untold = 0;
  forNoRequest(() => setTimeout(() => tell(kind, attempts), LINE_INTERVAL_MILLISECONDS).unref());
}

/** Returns how many events this process has counted, by kind. */
export function securityEventTotals(): { kind: SecurityEvent; total: number }[] {
  return SECURITY_EVENTS.map((kind) => ({ kind, total: countedOf(kind).total }));
}

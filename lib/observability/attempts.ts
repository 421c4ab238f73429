import { forNoRequest, log } from "@/lib/log";
import { perProcess } from "@/lib/per-process";

/** Attempts to get round what protects the site (OWASP ASVS 5.0, 16.3.3). What each one is stands in docs/protection.md. */
export const ATTEMPTS = [
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
export type Attempt = (typeof ATTEMPTS)[number];

/** The least time between two lines about one kind, in milliseconds: no flood fills a disk. */
const LINE_INTERVAL_MILLISECONDS = 60_000;

type Noted = { total: number; untold: number; waiting: boolean };

function noted(kind: Attempt): Noted {
  return perProcess(`operations/attempts ${kind}`, () => ({ total: 0, untold: 0, waiting: false }));
}

/** Counts an attempt, and logs at once or within a minute how many there were since the last line. Nothing of who made it. */
export function noteAttempt(kind: Attempt): void {
  const attempts = noted(kind);
  attempts.total += 1;
  attempts.untold += 1;
  if (!attempts.waiting) tell(kind, attempts);
}

function tell(kind: Attempt, attempts: Noted): void {
  attempts.waiting = attempts.untold > 0;
  if (!attempts.waiting) return;
  log.warn("attempt", { kind, attempts: attempts.untold });
  attempts.untold = 0;
  forNoRequest(() => setTimeout(() => tell(kind, attempts), LINE_INTERVAL_MILLISECONDS).unref());
}

/** How many there were in this process, by kind. */
export function attemptsNoted(): { kind: Attempt; total: number }[] {
  return ATTEMPTS.map((kind) => ({ kind, total: noted(kind).total }));
}

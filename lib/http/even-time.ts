import { setTimeout as sleep } from "node:timers/promises";
import { perProcess } from "@/lib/per-process";

/**
 * Time grids for responses whose timing must not reveal what is in the database, in milliseconds from the
 * start of the request. The first is longer than the work takes on a machine that is not busy. All are too
 * short for a person to notice.
 */
export const SPANS_MILLISECONDS = [25, 50, 100] as const;
/** How many of the last pieces of work decide which grid is used. */
const REMEMBERED = 200;
/** How many of them may take longer than a span: those are answered one span later, and tell something. */
const LONGER_AT_MOST = 2;

type Recent = { took: number[]; place: number; span: number };

/**
 * Makes a function that does some work, then waits until the next multiple of a span, also after a failure
 * (OWASP ASVS 5.0, 6.3.8: no enumeration by timing). The span is the shortest that nearly all recent work fits
 * into: on a busy machine, work for one kind of address would more often take longer than a fixed span.
 * @param name identifies the kind of work within the process.
 */
export function evenTime(name: string): <T>(work: () => Promise<T>) => Promise<T> {
  const recent = perProcess(
    `http/even-time ${name}`,
    (): Recent => ({ took: [], place: 0, span: SPANS_MILLISECONDS[0] }),
  );
  return async (work) => {
    const began = performance.now();
    try {
      return await work();
    } finally {
      const took = performance.now() - began;
      const { span } = recent;
      remember(recent, took);
      await sleep((Math.floor(took / span) + 1) * span - took);
    }
  };
}

/** Notes how long a piece of work took, and chooses the span anew each time all that is remembered was replaced. */
function remember(recent: Recent, took: number): void {
  recent.took[recent.place] = took;
  recent.place = (recent.place + 1) % REMEMBERED;
  if (recent.place !== 0) return;
  const fits = (span: number) => recent.took.filter((time) => time >= span).length <= LONGER_AT_MOST;
  const [longest] = SPANS_MILLISECONDS.toReversed();
  recent.span = SPANS_MILLISECONDS.find(fits) ?? longest ?? recent.span;
}

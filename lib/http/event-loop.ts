import { monitorEventLoopDelay } from "node:perf_hooks";
import { perProcess } from "@/lib/per-process";

/** Resolution of the delay measurement, and how often it is reset, in milliseconds. */
const RESOLUTION_MILLISECONDS = 10;
const WINDOW_MILLISECONDS = 250;
const NANOSECONDS_PER_MILLISECOND = 1e6;

/**
 * Returns how late this process runs, in milliseconds: the median timer delay in the last window.
 * Every request waits several turns of that length.
 */
export function eventLoopDelay(): number {
  return monitor().milliseconds;
}

const monitor = () =>
  perProcess("http/event-loop", () => {
    const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MILLISECONDS });
    histogram.enable();
    const measured = { milliseconds: 0 };
    setInterval(() => {
      const late = histogram.percentile(50) / NANOSECONDS_PER_MILLISECOND - RESOLUTION_MILLISECONDS;
      measured.milliseconds = Math.max(0, late);
      histogram.reset();
    }, WINDOW_MILLISECONDS).unref();
    return measured;
  });

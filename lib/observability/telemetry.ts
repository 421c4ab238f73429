import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";

/** How long a process that ends waits for its last measurements to be sent, in milliseconds. */
const LAST_SENDING_MILLISECONDS = 2_000;

/** Handle to running telemetry, to be stopped before the process ends. */
export type Telemetry = { stop(): Promise<void> };

const state = perProcess("operations/telemetry", (): { telemetry?: Promise<Telemetry> } => ({}));

/**
 * Starts sending traces and metrics by OTLP over HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT`, as the other OTEL_*
 * variables say. Loads and sends nothing while that is unset. An unreachable collector delays nobody.
 */
export async function startTelemetry(process: "web" | "worker"): Promise<void> {
  if (settings().telemetryEndpoint === null) return;
  state.telemetry ??= import("./otlp").then(({ startExporting }) => startExporting(process));
  await state.telemetry;
}

/** Sends what is still unsent and stops. Called by processes that end. */
export async function stopTelemetry(): Promise<void> {
  const telemetry = await state.telemetry;
  delete state.telemetry;
  const giveUp = new Promise((resolve) => setTimeout(resolve, LAST_SENDING_MILLISECONDS).unref());
  await Promise.race([telemetry?.stop(), giveUp]);
}

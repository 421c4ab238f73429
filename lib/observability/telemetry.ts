import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";

/** How long what was measured may take to leave when the process ends, in milliseconds. */
const LAST_SENDING_MILLISECONDS = 2_000;

/** What a started telemetry must do before the process ends. */
export type Telemetry = { stop(): Promise<void> };

const state = perProcess("operations/telemetry", (): { telemetry?: Promise<Telemetry> } => ({}));

/**
 * Sends traces and metrics by OTLP over HTTP to `OTEL_EXPORTER_OTLP_ENDPOINT`, as the other OTEL_* variables say. Nothing
 * is loaded and nothing sent while that is unset. A collector that is out of reach holds nobody up.
 */
export async function startTelemetry(process: "web" | "worker"): Promise<void> {
  if (settings().telemetryEndpoint === null) return;
  state.telemetry ??= import("./otlp").then(({ startExporting }) => startExporting(process));
  await state.telemetry;
}

/** Sends what is still unsent; for processes that end. */
export async function stopTelemetry(): Promise<void> {
  const telemetry = await state.telemetry;
  delete state.telemetry;
  const giveUp = new Promise((resolve) => setTimeout(resolve, LAST_SENDING_MILLISECONDS).unref());
  await Promise.race([telemetry?.stop(), giveUp]);
}

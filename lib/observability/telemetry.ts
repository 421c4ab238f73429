import { context, SpanKind, trace } from "@opentelemetry/api";
import { perProcess } from "@/lib/per-process";
import { settings } from "@/lib/settings";

/** The name under which our own spans are known. */
export const TRACER_NAME = "petition";

/** How long what was measured may take to leave when the process ends, in milliseconds. */
const LAST_SENDING_MILLISECONDS = 2_000;

/** All that a span may say. None of it can hold a path, a token or anything of a person. */
export const SPAN_FACTS = [
  "http.request.method",
  "http.response.status_code",
  "petition.route",
  "petition.outcome",
  "petition.mails",
  "petition.rows",
  "petition.format",
] as const;

export type SpanFacts = { readonly [name in (typeof SPAN_FACTS)[number]]?: string | number };
export type SpanName = "request" | "sign" | "confirm" | "mail batch" | "export";

/** Work under way. What begins `within` it is part of it. */
export type OpenSpan = { within<T>(work: () => T): T; end(facts?: SpanFacts): void };

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

/** Begins a span; without telemetry this is next to nothing. It must be ended. */
export function beginSpan(name: SpanName, facts: SpanFacts = {}): OpenSpan {
  const kind = name === "request" ? SpanKind.SERVER : SpanKind.INTERNAL;
  const span = trace.getTracer(TRACER_NAME).startSpan(name, { kind, attributes: facts });
  const inside = trace.setSpan(context.active(), span);
  return {
    within: (work) => context.with(inside, work),
    end(last = {}) {
      span.setAttributes(last).end();
    },
  };
}

/** Does the work within a span; `factsOf` reads from its result what the span is to say. */
export async function traced<T>(
  name: SpanName,
  work: () => Promise<T>,
  factsOf: (result: T) => SpanFacts,
): Promise<T> {
  const span = beginSpan(name);
  try {
    const result = await span.within(work);
    span.end(factsOf(result));
    return result;
  } catch (error) {
    span.end({ "petition.outcome": "failed" });
    throw error;
  }
}

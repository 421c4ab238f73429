import { context, SpanKind, trace } from "@opentelemetry/api";

/** Instrumentation scope of our own spans. */
export const TRACER_NAME = "petition";

/** The only attributes a span may carry. None can contain a path, a token or personal data. */
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

/** A running span. Spans begun `within` it become its children. */
export type OpenSpan = { within<T>(work: () => T): T; end(facts?: SpanFacts): void };

/** Starts a span, which the caller must end. Costs almost nothing without telemetry. */
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

/** Runs the work in a span. `factsOf` derives the span's attributes from the result. */
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

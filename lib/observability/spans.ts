import { context, SpanKind, trace } from "@opentelemetry/api";

/** The name under which our own spans are known. */
export const TRACER_NAME = "petition";

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

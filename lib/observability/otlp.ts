import { randomUUID } from "node:crypto";
import { type HrTime, SpanStatusCode, ValueType } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import {
  defaultResource,
  detectResources,
  emptyResource,
  envDetector,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type DataPoint,
  DataPointType,
  type Histogram,
  MeterProvider,
  type MetricData,
  type MetricProducer,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type SpanExporter,
} from "@opentelemetry/sdk-trace-node";
import { HeldBack, publicTime } from "@/lib/disclosure";
import { settings } from "@/lib/settings";
import { metricsData } from "./metrics";
import { SPAN_FACTS, TRACER_NAME } from "./spans";
import type { Telemetry } from "./telemetry";

/**
 * Metric export interval in milliseconds unless OTEL_METRIC_EXPORT_INTERVAL is set (OpenTelemetry's default).
 */
const METRIC_INTERVAL_MILLISECONDS = 60_000;
/** Timeout of one metric export, in milliseconds. */
const SENDING_MILLISECONDS = 30_000;
/**
 * Exported attributes: our own, and those in which Next puts the route's pattern, never the requested path.
 */
const KEPT_ATTRIBUTES: ReadonlySet<string> = new Set([...SPAN_FACTS, "next.route", "next.span_type"]);
const NANOSECONDS = 1e9;
const FAILED_STATUS = 500;
/** The result code of a successful export (ExportResultCode.SUCCESS). */
const EXPORTED = 0;
/** Attributes that count people. */
const COUNTING_FACTS: ReadonlySet<string> = new Set(["petition.mails", "petition.rows"]);

/** Starts the exporters. They read endpoint, headers, sampler and the rest from OTEL_* themselves. */
export function startExporting(process: "web" | "worker"): Telemetry {
  const resource = defaultResource()
    .merge(
      resourceFromAttributes({
        "service.namespace": TRACER_NAME,
        "service.name": process,
        "service.instance.id": randomUUID(),
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
  const traces = new NodeTracerProvider({
    resource,
    spanProcessors: [new BatchSpanProcessor(exporterWithoutPersons(new OTLPTraceExporter()))],
  });
  traces.register();
  const interval = metricInterval();
  const metrics = new MeterProvider({
    resource,
    readers: [
      new PeriodicExportingMetricReader({
        exporter: new OTLPMetricExporter(),
        exportIntervalMillis: interval,
        exportTimeoutMillis: Math.min(interval, SENDING_MILLISECONDS),
        metricProducers: [prometheusProducer()],
      }),
    ],
  });
  return {
    async stop() {
      await Promise.allSettled([traces.shutdown(), metrics.shutdown()]);
    },
  };
}

function metricInterval(): number {
  const given = Number(process.env.OTEL_METRIC_EXPORT_INTERVAL);
  return Number.isSafeInteger(given) && given > 0 ? given : METRIC_INTERVAL_MILLISECONDS;
}

/**
 * Wraps an exporter so that it passes on only what is known to be harmless. Next's spans carry paths, which
 * contain tokens, and error messages.
 */
export function exporterWithoutPersons(inner: SpanExporter): SpanExporter {
  const heldBack = new HeldBack<ReadableSpan>();
  const told = (span: ReadableSpan): ReadableSpan[] => {
    if (isFailure(span) || settings().figuresAtOnce) return [span];
    const attributes = Object.fromEntries(
      Object.entries(span.attributes).filter(([name]) => !COUNTING_FACTS.has(name)),
    );
    return heldBack.add(JSON.stringify([span.name, attributes]), withinItsHour({ ...span, attributes }));
  };
  return {
    export(spans, done) {
      const leaving = spans.map(withoutPersons).flatMap(told);
      if (leaving.length > 0) inner.export(leaving, done);
      else done({ code: EXPORTED });
    },
    shutdown: () => inner.shutdown(),
  };
}

/** Whether a span reports a failure of ours rather than what somebody did. */
function isFailure({ status, attributes }: ReadableSpan): boolean {
  return (
    status.code === SpanStatusCode.ERROR ||
    attributes["petition.outcome"] === "failed" ||
    Number(attributes["http.response.status_code"] ?? 0) >= FAILED_STATUS
  );
}

/** Moves a span to the start of its hour, keeping its length: it must not reveal when somebody confirmed. */
function withinItsHour(span: ReadableSpan): ReadableSpan {
  const [seconds, nanoseconds] = span.startTime;
  const hour = publicTime(new Date(seconds * 1_000)).getTime() / 1_000;
  const end = span.endTime[1] - nanoseconds;
  return {
    ...span,
    spanContext: () => span.spanContext(),
    startTime: [hour, 0],
    endTime: [hour + span.endTime[0] - seconds - (end < 0 ? 1 : 0), end < 0 ? end + NANOSECONDS : end],
  };
}

function withoutPersons(span: ReadableSpan): ReadableSpan {
  const attributes = Object.fromEntries(
    Object.entries(span.attributes).filter(([name]) => KEPT_ATTRIBUTES.has(name)),
  );
  const ours = span.instrumentationScope.name === TRACER_NAME;
  return {
    name: ours ? span.name : String(attributes["next.span_type"] ?? "framework"),
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    duration: span.duration,
    ended: span.ended,
    status: { code: span.status.code },
    attributes,
    links: [],
    events: [],
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

/** Converts the metrics of /api/metrics to OpenTelemetry's form, so that nothing is measured twice. */
function prometheusProducer(): MetricProducer {
  const startTime = now();
  return {
    async collect() {
      const endTime = now();
      const metrics = (await metricsData()).map(({ name, help, type, values }): MetricData => {
        const common = {
          descriptor: { name, description: help, unit: "", valueType: ValueType.DOUBLE },
          aggregationTemporality: AggregationTemporality.CUMULATIVE,
        };
        const point = { startTime, endTime };
        if (String(type) === "histogram")
          return { ...common, dataPointType: DataPointType.HISTOGRAM, dataPoints: histograms(values, point) };
        const dataPoints = values.map(({ labels, value }) => ({
          ...point,
          attributes: { ...labels },
          value,
        }));
        return String(type) === "counter"
          ? { ...common, dataPointType: DataPointType.SUM, isMonotonic: true, dataPoints }
          : { ...common, dataPointType: DataPointType.GAUGE, dataPoints };
      });
      const scopeMetrics = [{ scope: { name: TRACER_NAME }, metrics }];
      return { resourceMetrics: { resource: emptyResource(), scopeMetrics }, errors: [] };
    },
  };
}

function now(): HrTime {
  const milliseconds = Date.now();
  return [Math.floor(milliseconds / 1_000), (milliseconds % 1_000) * (NANOSECONDS / 1_000)];
}

type Sample = Awaited<ReturnType<typeof metricsData>>[number]["values"][number];

/**
 * Converts Prometheus histograms, whose buckets are cumulative and list sum and count beside them, to
 * OpenTelemetry's, where each bucket stands alone.
 */
function histograms(
  samples: readonly Sample[],
  point: { startTime: HrTime; endTime: HrTime },
): DataPoint<Histogram>[] {
  const series = new Map<string, DataPoint<Histogram>>();
  for (const { metricName = "", labels, value } of samples) {
    const { le, ...attributes } = labels;
    const key = JSON.stringify(attributes);
    const known = series.get(key) ?? {
      ...point,
      attributes,
      value: { buckets: { boundaries: [], counts: [] }, count: 0, sum: 0 },
    };
    series.set(key, known);
    if (metricName.endsWith("_sum")) known.value.sum = value;
    else if (metricName.endsWith("_count")) known.value.count = value;
    else {
      const { boundaries, counts } = known.value.buckets;
      const below = counts.reduce((sum, count) => sum + count, 0);
      if (le !== "+Inf") boundaries.push(Number(le));
      counts.push(value - below);
    }
  }
  return [...series.values()];
}

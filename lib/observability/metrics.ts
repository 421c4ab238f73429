import type { IncomingMessage, ServerResponse } from "node:http";
import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type MetricObjectWithValues,
  type MetricValueWithName,
  Registry,
} from "prom-client";
import { databasePool } from "@/lib/db/client";
import { discloseGauge, HeldBack } from "@/lib/disclosure";
import { LOCALES } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";
import { heavyFigures, lightFigures } from "./figures";
import { securityEventTotals } from "./security-events";
import { beginSpan } from "./spans";

/** Latency buckets in seconds, around the 500 ms within which 99 of 100 signings must be answered. */
const LATENCY_BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Paths counted together. Never the path itself: it may contain a token, and anyone can invent new ones. */
const ROUTE_CLASSES: readonly (readonly [string, RegExp])[] = [
  ["sign", /^\/api\/petitions\/[^/]+\/signatures$/],
  ["confirm", /^\/api\/confirm$/],
  ["figures", /^\/api\/petitions(?:\/|$)/],
  ["health", /^\/api\/(?:health\/|metrics$)/],
  ["webhook", /^\/api\/webhooks\//],
  ["admin", /^\/(?:api\/)?(?:admin|auth)(?:\/|$)/],
  ["api", /^\/api\//],
  ["embed", /^\/(?:embed|s)\//],
  ["page", new RegExp(`^/(?:${LOCALES.join("|")})/`)],
];

/** The status nginx logs for a client that disconnected before its answer. */
const CLIENT_LEFT_STATUS = 499;

/** Resolution of the age of the oldest queued mail, in seconds. A finer one would reveal who signed when. */
const OLDEST_STEP_SECONDS = 300;
/**
 * From this status on, an answer is our failure. It reveals nothing about a person, and alarms depend on it,
 * so it is counted at once.
 */
const FAILED_STATUS = 500;

type Answered = { labels: { method: string; route: string; status: string }; seconds: number };
type Instruments = {
  registry: Registry;
  /** Reads the database's figures into the gauges. Runs first, since each gauge is collected separately. */
  readDatabase(): Promise<void>;
  latency: Histogram<"method" | "route" | "status">;
  /** Requests counted several at a time: a scraper that saw each one would see each confirmation. */
  answered: HeldBack<Answered>;
};

const instruments = () => perProcess("operations/metrics", create);

/** Runs `answer` for a request and records duration and status, in the metrics and as a span. */
export function measureRequest(
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => Promise<void>,
): Promise<void> {
  const startedAt = performance.now();
  const labels = { method: methodOf(request.method), route: routeClass(request.url ?? "") };
  const span = beginSpan("request", { "http.request.method": labels.method, "petition.route": labels.route });
  response.once("close", () => {
    // Clients that disconnected before the answer are counted separately, as nginx does.
    const status = response.headersSent ? response.statusCode : CLIENT_LEFT_STATUS;
    count({
      labels: { ...labels, status: String(status) },
      seconds: (performance.now() - startedAt) / 1000,
    });
    span.end({ "http.response.status_code": status });
  });
  return span.within(answer);
}

function count(answered: Answered): void {
  const { latency, answered: heldBack } = instruments();
  const kind = Object.values(answered.labels).join(" ");
  const told = Number(answered.labels.status) >= FAILED_STATUS ? [answered] : heldBack.add(kind, answered);
  for (const { labels, seconds } of told) latency.observe(labels, seconds);
}

/** Returns the class under which a path is counted. */
export function routeClass(url: string): string {
  const [path = ""] = url.split("?", 1);
  return ROUTE_CLASSES.find(([, pattern]) => pattern.test(path))?.[0] ?? "other";
}

function methodOf(method = ""): string {
  return ["GET", "HEAD", "POST"].includes(method) ? method : "other";
}

/**
 * Returns all metrics as Prometheus text (exposition format 0.0.4). Figures of this process are always
 * present; those of the database only while it answers, as `petition_database_up` tells.
 */
export async function metricsText(): Promise<{ body: string; contentType: string }> {
  const { registry, readDatabase } = instruments();
  await readDatabase();
  return { body: await registry.metrics(), contentType: registry.contentType };
}

/** Returns the same metrics as data, for conversion to other formats. */
export async function metricsData(): Promise<MetricObjectWithValues<MetricValueWithName<string>>[]> {
  const { registry, readDatabase } = instruments();
  await readDatabase();
  return registry.getMetricsAsJSON();
}

function create(): Instruments {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const latency = new Histogram({
    name: "petition_http_request_duration_seconds",
    help: "Time to answer, by class of address and status.",
    labelNames: ["method", "route", "status"] as const,
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  });
  const attempts = new Counter({
    name: "petition_attempts_total",
    help: "Attempts to get round what protects the site.",
    labelNames: ["kind"] as const,
    registers,
    collect() {
      attempts.reset();
      for (const { kind, total } of securityEventTotals()) attempts.inc({ kind }, total);
    },
  });
  const gauge = (name: string, help: string, labelNames: string[] = []) =>
    new Gauge({ name: `petition_${name}`, help, labelNames, registers });

  const signatures = gauge(
    "signatures",
    "Signatures in tens, by secret steps; confirmed ones as they are published.",
    ["campaign", "state"],
  );
  const mails = gauge("mails", "Mails by state and kept rows, in tens, by secret steps.", ["state"]);
  const suppressed = gauge(
    "suppressed_addresses",
    "Addresses that are never mailed again, in tens, by secret steps.",
    ["reason"],
  );
  const outbox = gauge("outbox_mails", "Mails that are owed and not yet sent, in tens, by secret steps.");
  const outboxAge = gauge(
    "outbox_oldest_seconds",
    "Age of the oldest mail that is owed and not yet sent, in steps of five minutes.",
  );
  const ambiguous = gauge("mail_batches_ambiguous", "Batches that a person must decide on.");
  const paused = gauge("mail_pause_seconds", "How much longer the provider asked us to wait.");
  const stopped = gauge(
    "mail_stopped",
    "1 when no mail goes out until somebody says so, as after a restore.",
  );
  const mailFailures = new Counter({
    name: "petition_mail_failures_total",
    help: "Requests to the mail provider that it refused or did not answer, by reason. The same from every process.",
    labelNames: ["reason"] as const,
    registers,
  });
  const alarms = gauge("abuse_alarms", "Networks and mail domains that many more sign from than usual.");
  const lag = gauge("database_replication_lag_seconds", "Replay lag of the slowest standby; 0 without one.");
  const backupAge = gauge(
    "backup_age_seconds",
    "Since the newest backup; since the setting up where there is none.",
  );
  const backupFailed = gauge("backup_failed", "1 when the newest attempt at a backup failed.");
  const connections = gauge("database_connections", "Connections of this process's pool.", ["state"]);
  const up = new Gauge({
    name: "petition_database_up",
    help: "1 when the database answered this scrape.",
    registers,
  });
  async function readDatabase(): Promise<void> {
    const pool = databasePool();
    connections.set({ state: "open" }, pool?.totalCount ?? 0);
    connections.set({ state: "idle" }, pool?.idleCount ?? 0);
    connections.set({ state: "awaited" }, pool?.waitingCount ?? 0);
    try {
      const [light, heavy] = await Promise.all([lightFigures(), heavyFigures()]);
      outbox.set(discloseGauge("outbox", light.outboxMails));
      outboxAge.set(light.outboxOldestSeconds - (light.outboxOldestSeconds % OLDEST_STEP_SECONDS));
      ambiguous.set(light.ambiguousBatches);
      paused.set(light.pauseSeconds);
      stopped.set(light.mailStopped ? 1 : 0);
      mailFailures.reset();
      for (const { reason, total } of light.mailFailures) mailFailures.inc({ reason }, total);
      lag.set(light.replicationLagSeconds);
      alarms.set(light.alarms);
      backupAge.set(light.backupAgeSeconds);
      backupFailed.set(light.backupFailed ? 1 : 0);
      for (const metric of [signatures, mails, suppressed]) metric.reset();
      // A series that appears with its first person would reveal them, so series that disclose nobody are
      // left out.
      for (const { campaign, state, total } of heavy.signatures) {
        const told = state === "confirmed" ? total : discloseGauge(`signatures ${campaign} ${state}`, total);
        if (state === "confirmed" || told > 0) signatures.set({ campaign, state }, told);
      }
      for (const { state, total } of heavy.mails) {
        const told = discloseGauge(`mails ${state}`, total);
        if (told > 0) mails.set({ state }, told);
      }
      for (const { reason, total } of heavy.suppressions) {
        const told = discloseGauge(`suppressed ${reason}`, total);
        if (told > 0) suppressed.set({ reason }, told);
      }
      up.set(1);
    } catch {
      // The scrape must not fail: an unreachable database is one of the things it reports.
      up.set(0);
    }
  }
  return { registry, readDatabase, latency, answered: new HeldBack() };
}

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { trace } from "@opentelemetry/api";
import { OTLPMetricExporter } from "@opentelemetry/exporter-metrics-otlp-http";
import { emptyResource } from "@opentelemetry/resources";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directRoutes } from "@/app/direct-routes";
import { startWebServer, type WebServer } from "@/lib/http/server";
import { sendOnce } from "@/lib/mail/sending";
import { metricsText } from "@/lib/observability/metrics";
import { startTelemetry, stopTelemetry } from "@/lib/observability/telemetry";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { CapturingTransport, tokenIn } from "@/tests/support/capturing-transport";

const NAME = "Zarghuna Ahmadi";
const EMAIL = "zarghuna.ahmadi@example.org";
const WORKER = "00000000-0000-4000-8000-000000000001";

type Attribute = { key: string; value: Record<string, unknown> };
type SentSpan = {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: Attribute[];
};

// A collector that keeps what it is sent.
const received: { url: string; headers: IncomingHttpHeaders; body: string }[] = [];
let collector: Server;
let site: WebServer;

beforeAll(async () => {
  collector = createServer(async (request, answer) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    received.push({ url: request.url ?? "", headers: request.headers, body });
    answer.writeHead(200, { "content-type": "application/json" }).end("{}");
  }).listen(0, "127.0.0.1");
  await once(collector, "listening");
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  process.env.OTEL_EXPORTER_OTLP_HEADERS = "authorization=Bearer%20collector";
});
useDatabase();
beforeAll(async () => {
  await startTelemetry("web");
  site = await startWebServer({
    port: 0,
    host: "127.0.0.1",
    directRoutes,
    framework: async () => ({
      handle: async (_request, response) => void response.end(),
      close: async () => {},
    }),
  });
});
afterAll(async () => {
  await site?.stop(1);
  collector?.close();
});

function spans(): SentSpan[] {
  return received
    .filter(({ url }) => url === "/v1/traces")
    .flatMap(({ body }) => JSON.parse(body).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap((scope) => scope.spans);
}

function facts({ attributes }: SentSpan): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

test("traces and counts requests, signing and mail, without anything about a signer", async () => {
  const origin = `http://127.0.0.1:${site.port}`;
  await fetch(`${origin}/api/petitions/${CAMPAIGN_SLUG}/signatures`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/json" },
    body: JSON.stringify({ name: NAME, email: EMAIL, country: "AF", consent: "yes", locale: "en" }),
  });
  const transport = new CapturingTransport();
  await sendOnce(transport, WORKER);
  const token = tokenIn(transport.last(EMAIL).text, "confirm");
  await fetch(`${origin}/en/confirm/${token}`);
  // As Next does it: the path among the attributes, and an error with its words.
  const framework = trace.getTracer("next.js").startSpan(`GET /en/confirm/${token}`, {
    attributes: { "http.target": `/en/confirm/${token}`, "next.span_type": "BaseServer.handleRequest" },
  });
  framework.recordException(new Error(`${NAME} <${EMAIL}>`));
  framework.end();
  await stopTelemetry();

  const sent = spans();
  const signing = sent.find(({ name }) => name === "sign");
  const posting = sent.find(({ spanId }) => spanId === signing?.parentSpanId);
  expect(posting && facts(posting)).toEqual({
    "http.request.method": "POST",
    "http.response.status_code": 202,
    "petition.route": "sign",
  });
  const mailing = sent.find(({ name }) => name === "mail batch");
  expect(mailing && facts(mailing)).toEqual({ "petition.outcome": "accepted", "petition.mails": 1 });
  expect(sent.map(({ name }) => name)).toContain("BaseServer.handleRequest");

  const metrics = received.find(({ url }) => url === "/v1/metrics");
  expect(metrics?.headers.authorization).toBe("Bearer collector");
  expect(metrics?.body).toContain("petition_outbox_mails");
  const latency = JSON.parse(metrics?.body ?? "{}")
    .resourceMetrics.flatMap((resource: { scopeMetrics: unknown[] }) => resource.scopeMetrics)
    .flatMap((scope: { metrics: unknown[] }) => scope.metrics)
    .find((metric: { name: string }) => metric.name === "petition_http_request_duration_seconds");
  for (const { count, bucketCounts } of latency.histogram.dataPoints)
    expect(bucketCounts.reduce((sum: number, each: unknown) => sum + Number(each), 0)).toBe(Number(count));

  const everything = received.map(({ body }) => body).join();
  for (const secret of [token, NAME, EMAIL, "Zarghuna", "zarghuna", "127.0.0.1"])
    expect(everything).not.toContain(secret);
});

test.each(["alerts.yml", "grafana-dashboard.json"])("serves every metric that %s uses", async (file) => {
  const asked = (await readFile(`deploy/${file}`, "utf8")).match(/petition_\w+/g) ?? [];
  expect(asked).not.toHaveLength(0);
  const { body } = await metricsText();
  const served = [...body.matchAll(/^# TYPE (\w+) (\w+)$/gm)].flatMap(([, name = "", type]) =>
    type === "histogram" ? ["_bucket", "_count", "_sum"].map((part) => name + part) : [name],
  );
  expect(asked.filter((name) => !served.includes(name))).toEqual([]);
});

// Debian's package prometheus has promtool; it is too large to install for every run.
const promtool = (args: string[], input = "") => spawnSync("promtool", args, { input, encoding: "utf8" });
const noPromtool = promtool(["--version"]).status !== 0;
const skipped = noPromtool ? " (skipped: promtool is not installed)" : "";

test.skipIf(noPromtool)(`Prometheus takes the alert rules${skipped}`, () => {
  expect(promtool(["check", "rules", "--lint-fatal", "deploy/alerts.yml"])).toMatchObject({
    status: 0,
    stderr: "",
  });
});

test.skipIf(noPromtool)(`Prometheus finds no fault with the metrics${skipped}`, async () => {
  const { body } = await metricsText();
  const { stdout, stderr } = promtool(["check", "metrics"], body);
  // prom-client's own three gauges have names that end as a counter's; dashboards of others know them so.
  const known = /^nodejs_active_(handles|requests|resources)_total non-counter metrics .*$/gm;
  expect((stdout + stderr).replace(known, "").trim()).toBe("");
});

test("follows no redirect of a collector", async () => {
  const asked: string[] = [];
  const pointing = createServer((request, answer) => {
    asked.push(request.url ?? "");
    request.resume();
    answer.writeHead(307, { location: "/elsewhere" }).end();
  }).listen(0, "127.0.0.1");
  await once(pointing, "listening");
  try {
    const exporter = new OTLPMetricExporter({
      url: `http://127.0.0.1:${(pointing.address() as AddressInfo).port}/v1/metrics`,
    });
    const code = await new Promise<number>((resolve) =>
      exporter.export({ resource: emptyResource(), scopeMetrics: [] }, (result) => resolve(result.code)),
    );
    expect(code).not.toBe(0);
    expect(asked).toEqual(["/v1/metrics"]);
  } finally {
    pointing.closeAllConnections();
    pointing.close();
  }
});

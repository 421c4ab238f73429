import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { directRoutes } from "@/app/direct-routes";
import { publishCounts } from "@/lib/disclosure";
import { startWebServer, type WebServer } from "@/lib/http/server";
import { heavyFigures } from "@/lib/observability/figures";
import { metricsText } from "@/lib/observability/metrics";
import { exporterWithoutPersons } from "@/lib/observability/otlp";
import { erase } from "@/lib/signatories";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import { joinsFrom, signsFrom } from "@/tests/support/networks";

useDatabase("in-steps");

let site: WebServer;
beforeAll(async () => {
  site = await startWebServer({
    port: 0,
    directRoutes,
    framework: async () => ({
      handle: async (_request, response) => void response.end(),
      close: async () => {},
    }),
  });
});
afterAll(async () => {
  await site?.stop(1);
});

let later = 0;

/** What a scrape tells of people; the process's own memory and time aside. */
async function scraped(): Promise<string> {
  await publishCounts();
  // Totals are counted once a minute: a later scrape counts them anew.
  later += 120_000;
  await heavyFigures(performance.now() + later);
  await metricsText();
  const { body } = await metricsText();
  return body
    .split("\n")
    .filter((line) => /^petition_(?!database_connections|attempts|backup_age)/.test(line))
    .join("\n");
}

async function press(token: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${site.port}/api/confirm`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: "http://localhost:3000" },
    body: new URLSearchParams({ token }),
  });
  return answer.status;
}

describe("S9: a holder of the metrics token who scrapes as often as they like", () => {
  test("sees nothing change when one person signs, confirms and erases", async () => {
    const before = await scraped();
    const { confirmToken } = await signsFrom(1);
    expect(await scraped()).toBe(before);
    expect(await press(confirmToken)).toBe(303);
    expect(await scraped()).toBe(before);
    await erase(await joinsFrom(2));
    expect(await scraped()).toBe(before);
    expect(before).toContain(`petition_signatures{campaign="${CAMPAIGN_SLUG}",state="confirmed"} 0`);
  });

  test("sees requests at least ten at a time", async () => {
    const told = async () => {
      const counted =
        /petition_http_request_duration_seconds_count\{method="POST",route="confirm",status="410"\} (\d+)/;
      return Number(counted.exec(await scraped())?.[1] ?? 0);
    };
    let last = await told();
    const steps: number[] = [];
    for (let pressed = 0; pressed < 45; pressed++) {
      expect(await press("nonsense")).toBe(410);
      const now = await told();
      if (now !== last) steps.push(now - last);
      last = now;
    }
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(10);
  });
});

describe("S9: a reader of exported traces", () => {
  test("gets no span of a single confirmation and no minutes of many, but failures at once", async () => {
    const received = new InMemorySpanExporter();
    const tracing = new NodeTracerProvider({
      spanProcessors: [new SimpleSpanProcessor(exporterWithoutPersons(received))],
    });
    const tracer = tracing.getTracer("petition");
    const confirmed = () =>
      tracer.startSpan("confirm", { attributes: { "petition.outcome": "confirmed" } }).end();
    confirmed();
    await tracing.forceFlush();
    expect(received.getFinishedSpans()).toEqual([]);
    for (let more = 0; more < 20; more++) confirmed();
    await tracing.forceFlush();
    const spans = received.getFinishedSpans();
    expect(spans.length).toBeGreaterThanOrEqual(10);
    for (const { startTime } of spans) expect([startTime[0] % 3_600, startTime[1]]).toEqual([0, 0]);
    received.reset();
    tracer.startSpan("sign", { attributes: { "petition.outcome": "failed" } }).end();
    await tracing.forceFlush();
    expect(received.getFinishedSpans()).toHaveLength(1);
    await tracing.shutdown();
  });
});

import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { startEdge } from "@/scripts/support/edge";
import { findNginx } from "@/scripts/support/nginx";
import { startProvider } from "./provider";
import { readMany } from "./readers";
import { serve } from "./serve";
import { signMany } from "./signers";
import { campaignPath, memoryOf, serveSite } from "./site";
import type { Context, Measure, Result } from "./types";

/** 20,000 a minute: thirteen times the rate at which a parliament's petition site broke down in 2019. */
const SIGNATURES_PER_SECOND = 20_000 / 60;
/** 100,000 readers who reload every ten seconds. */
const PAGES_PER_SECOND = 10_000;
/** A generator that aims at a limit falls slightly short of it. */
const AIM = 1.02;
const P99_LIMIT_MILLISECONDS = 500;
const COUNT_LIMIT_SECONDS = 10;
const DRAIN_LIMIT_SECONDS = 60;
/** How long PostgreSQL may take to become idle before a run. */
const REST_LIMIT_SECONDS = 120;
/** The most mails that may be queued: half a minute of signatures. */
const OUTBOX_LIMIT_MAILS = 10_000;
const DRIFT_LIMIT_PERCENT = 5;
/** The evening news finds a site that has run for a while: code compiled, connections open, pictures made. */
const WARM_UP_SECONDS = 15;
const SHORT_SECONDS = 60;
const LONG_SECONDS = 600;
/** Rounds of the soak; the site rests between them. */
const SOAK_ROUNDS = 6;
const SOAK_ROUND_SECONDS = 20;
const LONG_SOAK_ROUND_SECONDS = 120;
const REST_MILLISECONDS = 5_000;
const SAMPLE_MILLISECONDS = 1_000;
const POLL_MILLISECONDS = 100;
/** One in this many signers confirms while others sign. */
const CONFIRMING = 3;
/**
 * Concurrent confirmations: one at a time would fall behind and still confirm long after the signers have
 * gone.
 */
const CONFIRMERS = 8;
const API_KEY = "re_bench_123";

type Round = { seconds: number; signaturesPerSecond: number; pagesPerSecond: number };
type Memory = { web: number; worker: number };
type Stage = {
  /** Runs signers and readers at the same time for a while. */
  surge(round: Round): ReturnType<typeof bothAtOnce>;
  memory(): Promise<Memory>;
  owedMails(): Promise<number>;
  /** Confirmations made and failed so far. */
  confirmations(): { made: number; failed: number };
  /**
   * Returns the seconds until no mail is queued, and until the public count equals the confirmed signatures.
   */
  settle(): Promise<{ drainSeconds: number; countSeconds: number }>;
};

async function bothAtOnce(origin: string, folder: string, round: Round) {
  const [signings, pages] = await Promise.all([
    signMany({
      origin,
      seconds: round.seconds,
      pace: { perSecond: round.signaturesPerSecond },
      through: "edge",
    }),
    readMany({
      address: `${origin}${campaignPath("en")}`,
      seconds: round.seconds,
      perSecond: round.pagesPerSecond,
      folder,
    }),
  ]);
  return { signings, pages };
}

/**
 * Sets up nginx, one web process, one worker and a mail provider. Returns no results where there is no nginx
 * or the system is not Linux.
 */
async function onStage(context: Context, act: (stage: Stage) => Promise<Result[]>): Promise<Result[]> {
  if (findNginx() === null || process.platform !== "linux") {
    context.note("left out: it needs nginx, and Linux's addresses of loopback");
    return [];
  }
  const { url } = await context.seededDatabase();
  const tokens: string[] = [];
  let mailed = 0;
  const provider = await startProvider((token) => {
    mailed += 1;
    if (mailed % CONFIRMING === 0) tokens.push(token);
  });
  context.env.RESEND_API_KEY = API_KEY;
  context.env.RESEND_BASE_URL = provider.url;
  const web = await serveSite(context);
  const worker = await serve(["--import", "tsx", "scripts/worker.ts", "--supervised"], context, {
    ready: null,
  });
  const front = await startEdge([Number(new URL(web.url).port)]);
  const client = new Client({ connectionString: url });
  await client.connect();

  let confirming = true;
  const confirmations = { made: 0, failed: 0 };
  async function confirm(): Promise<void> {
    while (confirming || tokens.length > 0) {
      const token = tokens.shift();
      if (token === undefined) {
        await sleep(POLL_MILLISECONDS);
        continue;
      }
      const answer = await fetch(`${web.url}/api/confirm`, {
        method: "POST",
        headers: { accept: "application/json", "x-forwarded-for": "10.0.0.1" },
        body: new URLSearchParams({ token }),
      }).catch(() => null);
      await answer?.arrayBuffer().catch(() => {});
      if (answer?.ok) confirmations.made += 1;
      else confirmations.failed += 1;
    }
  }
  const confirmers = Promise.all(Array.from({ length: CONFIRMERS }, confirm));

  const number = async (sql: string) => Number((await client.query(sql)).rows[0]?.number);
  const isAtRest = async () =>
    (await number(`SELECT count(*) AS number FROM pg_stat_activity WHERE state IN ('active', 'idle in transaction') AND pid <> pg_backend_pid()
      AND backend_type IN ('client backend', 'parallel worker', 'autovacuum worker')`)) === 0;
  const owedMails = () => number("SELECT count(*) AS number FROM mail WHERE state IN ('queued', 'batched')");
  try {
    // Mails from earlier measures, and maintenance after a million new rows, must not count here.
    await client.query("DELETE FROM mail WHERE state = 'queued'");
    await secondsUntil(async () => (await owedMails()) === 0, DRAIN_LIMIT_SECONDS);
    await secondsUntil(isAtRest, REST_LIMIT_SECONDS);
    await client.query("CHECKPOINT");
    return await act({
      surge: (round) => bothAtOnce(front.origin, context.folder, round),
      memory: async () => ({ web: await memoryOf(web.pid), worker: await memoryOf(worker.pid) }),
      owedMails,
      confirmations: () => ({ ...confirmations }),
      async settle() {
        const drainSeconds = await secondsUntil(async () => (await owedMails()) === 0, DRAIN_LIMIT_SECONDS);
        confirming = false;
        await confirmers;
        const exact = await number("SELECT count(*) AS number FROM signature WHERE state = 'confirmed'");
        const countSeconds = await secondsUntil(async () => {
          const answer = await fetch(`${front.origin}/api/petitions/${CAMPAIGN_SLUG}`);
          return (await answer.json()).count === exact;
        }, DRAIN_LIMIT_SECONDS);
        return { drainSeconds, countSeconds };
      },
    });
  } finally {
    confirming = false;
    tokens.length = 0;
    await confirmers.catch(() => {});
    await client.end();
    await Promise.all([front.stop(), web.stop(), worker.stop()]);
    provider.stop();
    delete context.env.RESEND_API_KEY;
    delete context.env.RESEND_BASE_URL;
  }
}

async function secondsUntil(done: () => Promise<boolean>, limitSeconds: number): Promise<number> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1_000;
  while (!(await done()) && elapsed() <= limitSeconds) await sleep(POLL_MILLISECONDS);
  return elapsed();
}

/** Returns the median memory of a period: a single sample depends on when garbage was last collected. */
function middle(samples: readonly Memory[]): Memory {
  const of = (process: keyof Memory) =>
    samples.map((sample) => sample[process]).sort((left, right) => left - right)[
      Math.floor(samples.length / 2)
    ] ?? Number.NaN;
  return { web: of("web"), worker: of("worker") };
}

/** Returns the growth of memory between two times, in per cent. */
function drift(from: Memory | undefined, to: Memory | undefined, of: keyof Memory): number {
  return from && to ? (to[of] / from[of] - 1) * 100 : Number.NaN;
}

function drifts(from: Memory | undefined, to: Memory | undefined, judged: boolean): Result[] {
  return (["web", "worker"] as const).map((of) => ({
    what: `memory drift, ${of}`,
    ours: drift(from, to, of),
    unit: "%",
    better: "lower",
    ...(judged ? { limit: DRIFT_LIMIT_PERCENT } : {}),
  }));
}

/**
 * 20,000 signatures a minute through nginx while 10,000 pages a second are served: one minute, ten with
 * `--long`.
 */
export const surge: Measure = {
  name: "surge",
  run: (context) =>
    onStage(context, async ({ surge, memory, owedMails, confirmations, settle }) => {
      const seconds = context.seconds ?? (context.long ? LONG_SECONDS : SHORT_SECONDS);
      const round = {
        signaturesPerSecond: SIGNATURES_PER_SECOND * AIM,
        pagesPerSecond: PAGES_PER_SECOND * AIM,
      };
      await surge({ ...round, seconds: WARM_UP_SECONDS });
      const samples: Memory[] = [];
      let outboxPeak = 0;
      const confirmationsBefore = confirmations();
      const sampler = setInterval(async () => {
        samples.push(await memory());
        outboxPeak = Math.max(outboxPeak, await owedMails());
      }, SAMPLE_MILLISECONDS);
      const { signings, pages } = await surge({ ...round, seconds }).finally(() => clearInterval(sampler));
      const confirmationsAfter = confirmations();
      const quarter = Math.floor(samples.length / 4);
      const quarters = [0, 1, 2, 3].map((at) => middle(samples.slice(at * quarter, (at + 1) * quarter)));
      for (const of of ["web", "worker"] as const)
        context.note(
          `memory by quarter, ${of}: ${quarters.map((each) => Math.round(each[of])).join(", ")} MB`,
        );
      const { drainSeconds, countSeconds } = await settle();
      return [
        {
          what: "signatures through nginx",
          ours: signings.perSecond,
          unit: "/s",
          better: "higher",
          limit: Math.floor(SIGNATURES_PER_SECOND),
        },
        {
          what: "signing, 99 of 100, from when it was due",
          ours: signings.p99Milliseconds,
          unit: "ms",
          better: "lower",
          limit: P99_LIMIT_MILLISECONDS,
        },
        {
          what: "pages at the same time",
          ours: pages.perSecond,
          unit: "req/s",
          better: "higher",
          limit: PAGES_PER_SECOND,
        },
        {
          what: "signatures, pages and confirmations that failed",
          ours: signings.refused + pages.failed + confirmationsAfter.failed - confirmationsBefore.failed,
          unit: "",
          better: "lower",
          limit: 0,
        },
        {
          what: "confirmations at the same time",
          ours: (confirmationsAfter.made - confirmationsBefore.made) / seconds,
          unit: "/s",
          better: "higher",
        },
        {
          what: "mails owed at the worst",
          ours: outboxPeak,
          unit: "mails",
          better: "lower",
          limit: OUTBOX_LIMIT_MAILS,
        },
        {
          what: "until no mail was owed",
          ours: drainSeconds,
          unit: "s",
          better: "lower",
          limit: DRAIN_LIMIT_SECONDS,
        },
        {
          what: "until the count was exact",
          ours: countSeconds,
          unit: "s",
          better: "lower",
          limit: COUNT_LIMIT_SECONDS,
        },
        ...drifts(quarters[1], quarters[3], context.long),
      ];
    }),
};

/**
 * Runs surges with rests between them and measures how much the warmed-up processes have grown. An hour's
 * signatures with `--long`.
 */
export const soak: Measure = {
  name: "soak",
  run: (context) =>
    onStage(context, async ({ surge, memory }) => {
      const seconds = context.seconds ?? (context.long ? LONG_SOAK_ROUND_SECONDS : SOAK_ROUND_SECONDS);
      const samples: Memory[] = [];
      let signed = 0;
      for (let round = 0; round < SOAK_ROUNDS; round += 1) {
        const { signings } = await surge({
          seconds,
          signaturesPerSecond: SIGNATURES_PER_SECOND,
          pagesPerSecond: PAGES_PER_SECOND / 4,
        });
        signed += signings.accepted;
        await sleep(REST_MILLISECONDS);
        samples.push(await memory());
      }
      const last = samples.at(-1);
      return [
        { what: "signatures in the soak", ours: signed, unit: "", better: "higher" },
        { what: "memory at the end, web", ours: last?.web ?? Number.NaN, unit: "MB", better: "lower" },
        { what: "memory at the end, worker", ours: last?.worker ?? Number.NaN, unit: "MB", better: "lower" },
        ...drifts(samples[Math.floor(SOAK_ROUNDS / 2)], last, context.long),
      ];
    }),
};

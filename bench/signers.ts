import { Agent, request } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { CAMPAIGN_SLUG } from "@/bench/campaign";

/**
 * The load of signers: a fixed rate per second, or as many as are answered in a number of parallel `lanes`.
 */
export type Signers = {
  origin: string;
  seconds: number;
  pace: { perSecond: number } | { lanes: number };
  /**
   * Through nginx, each signer connects from a loopback address of its own; directly to the site, a header
   * names it.
   */
  through: "edge" | "site";
  /** What each one posts; by default, JSON as a program would. */
  post?: (number: number) => Post;
};

type Sending = Required<Pick<Signers, "origin" | "through" | "post">> & { agent: Agent; number: number };

/** What a signer got: the answer's status, or why there was none. */
export type Outcome =
  | `${number}`
  | "503 without Retry-After"
  | "refused"
  | `broken off: ${string}`
  | "timed out";

export type Signings = {
  accepted: number;
  refused: number;
  perSecond: number;
  p99Milliseconds: number;
  /** The slowest answer, or the time until a signer without one gave up. */
  longestMilliseconds: number;
  outcomes: Partial<Record<Outcome, number>>;
  /** The generator's own delay, 99th percentile, in sending requests and noticing answers. Not the site's. */
  lateMilliseconds: number;
};

/** How often due signers are sent, in milliseconds. */
const TICK_MILLISECONDS = 10;
const NANOSECONDS_PER_MILLISECOND = 1e6;
const NETWORK_BYTE = 256;
/** How long a signer waits before giving up, in milliseconds. */
const PATIENCE_MILLISECONDS = 15_000;

let signers = 0;

/**
 * Signs over HTTP, each signer from a network of their own, so that no per-network limit is reached. At a
 * fixed rate, times are counted from when a signer was due, so a site that falls behind shows it.
 */
export async function signMany({
  origin,
  seconds,
  pace,
  through,
  post = signer,
}: Signers): Promise<Signings> {
  const agent = through === "site" ? new Agent({ keepAlive: true }) : new Agent({ keepAlive: false });
  const times: number[] = [];
  const lateness: number[] = [];
  const outcomes: Signings["outcomes"] = {};
  let refused = 0;
  const delay = monitorEventLoopDelay();
  delay.enable();
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;

  async function signOnce(dueAt: number): Promise<void> {
    signers += 1;
    lateness.push(performance.now() - dueAt);
    const { accepted, outcome } = await send({ origin, through, agent, number: signers, post });
    times.push(performance.now() - dueAt);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (!accepted) refused += 1;
  }

  if ("lanes" in pace) {
    const lane = async () => {
      while (performance.now() < until) await signOnce(performance.now());
    };
    await Promise.all(Array.from({ length: pace.lanes }, lane));
  } else {
    const under: Promise<void>[] = [];
    const due = (place: number) => startedAt + (place * 1_000) / pace.perSecond;
    while (due(under.length) < until) {
      while (due(under.length) <= performance.now()) under.push(signOnce(due(under.length)));
      await sleep(TICK_MILLISECONDS);
    }
    await Promise.all(under);
  }
  const elapsedSeconds = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  delay.disable();
  for (const each of [times, lateness]) each.sort((left, right) => left - right);
  const accepted = times.length - refused;
  return {
    accepted,
    refused,
    perSecond: accepted / elapsedSeconds,
    p99Milliseconds: times[Math.floor(times.length * 0.99)] ?? 0,
    longestMilliseconds: times.at(-1) ?? 0,
    outcomes,
    lateMilliseconds: Math.max(
      lateness[Math.floor(lateness.length * 0.99)] ?? 0,
      delay.percentile(99) / NANOSECONDS_PER_MILLISECOND,
    ),
  };
}

/** A post that signs: its address and body. */
export type Post = {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** The status that means it was accepted. */
  accepted: number;
};

/** Builds the next signer's post, as a program would send it. */
function signer(number: number): Post {
  return {
    path: `/api/petitions/${CAMPAIGN_SLUG}/signatures`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({
      name: `Signer ${number}`,
      email: `signer-${process.pid}-${number}@example.org`,
      country: "PK",
      consent: "yes",
      locale: "en",
    }),
    accepted: 202,
  };
}

/** Posts once. Never throws: every result is an outcome. */
function send({
  origin,
  through,
  agent,
  number,
  post,
}: Sending): Promise<{ accepted: boolean; outcome: Outcome }> {
  const [high, low] = [Math.floor(number / NETWORK_BYTE) % NETWORK_BYTE, number % NETWORK_BYTE];
  const { path, headers, body, accepted } = post(number);
  return new Promise((resolve) => {
    const without = (outcome: Outcome) => resolve({ accepted: false, outcome });
    const asked = request(new URL(path, origin), {
      method: "POST",
      agent,
      headers: {
        ...headers,
        "content-length": Buffer.byteLength(body),
        ...(through === "site" ? { "x-forwarded-for": `10.${high}.${low}.1` } : {}),
      },
      ...(through === "edge" ? { localAddress: `127.${1 + (high % 254)}.${low}.1` } : {}),
      timeout: PATIENCE_MILLISECONDS,
    });
    asked.once("timeout", () => {
      without("timed out");
      asked.destroy();
    });
    asked.once("error", ({ code = "" }: NodeJS.ErrnoException) =>
      without(code === "ECONNREFUSED" ? "refused" : `broken off: ${code}`),
    );
    asked.once("response", (answer) => {
      const { statusCode = 0 } = answer;
      const bare = statusCode === 503 && answer.headers["retry-after"] === undefined;
      const outcome: Outcome = bare ? "503 without Retry-After" : `${statusCode}`;
      answer.once("error", () => without("broken off: answer"));
      answer.resume().once("end", () => resolve({ accepted: statusCode === accepted, outcome }));
    });
    asked.end(body);
  });
}

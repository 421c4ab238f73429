import { Agent, request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";

/** Those who sign: how many a second, or as many as are answered when `lanes` of them take turns. */
export type Signers = {
  origin: string;
  seconds: number;
  pace: { perSecond: number } | { lanes: number };
  /** Behind nginx each signer connects from an address of loopback's network; straight to the site a header says so. */
  through: "edge" | "site";
  /** What each posts; as a program signs, unless said otherwise. */
  post?: (number: number) => Post;
};

type Sending = Required<Pick<Signers, "origin" | "through" | "post">> & { agent: Agent; number: number };

export type Signings = { accepted: number; refused: number; perSecond: number; p99Milliseconds: number };

/** How often signers who are due are sent off, in milliseconds. */
const TICK_MILLISECONDS = 10;
const NETWORK_BYTE = 256;

let signers = 0;

/**
 * Has people sign over HTTP, each from a network of their own, so that no limit of one network is met.
 * With a pace, the time of each is counted from when they were due: a site that falls behind shows it.
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
  let refused = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;

  async function signOnce(dueAt: number): Promise<void> {
    signers += 1;
    const accepted = await send({ origin, through, agent, number: signers, post }).catch(() => false);
    times.push(performance.now() - dueAt);
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
  times.sort((left, right) => left - right);
  const accepted = times.length - refused;
  return {
    accepted,
    refused,
    perSecond: accepted / elapsedSeconds,
    p99Milliseconds: times[Math.floor(times.length * 0.99)] ?? 0,
  };
}

/** A post that signs: where to, and what. */
export type Post = {
  path: string;
  headers: Record<string, string>;
  body: string;
  /** The status that says it was accepted. */
  accepted: number;
};

/** One more signer, as a program would post it. */
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

/** @returns whether it was accepted. */
function send({ origin, through, agent, number, post }: Sending): Promise<boolean> {
  const [high, low] = [Math.floor(number / NETWORK_BYTE) % NETWORK_BYTE, number % NETWORK_BYTE];
  const { path, headers, body, accepted } = post(number);
  return new Promise((resolve, reject) => {
    const asked = request(new URL(path, origin), {
      method: "POST",
      agent,
      headers: {
        ...headers,
        "content-length": Buffer.byteLength(body),
        ...(through === "site" ? { "x-forwarded-for": `10.${high}.${low}.1` } : {}),
      },
      ...(through === "edge" ? { localAddress: `127.${1 + (high % 254)}.${low}.1` } : {}),
    });
    asked.once("error", reject);
    asked.once("response", (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode === accepted));
    });
    asked.end(body);
  });
}

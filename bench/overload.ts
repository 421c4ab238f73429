import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { startEdge } from "@/scripts/support/edge";
import { findNginx } from "@/scripts/support/nginx";
import { readerProgram, readMany } from "./readers";
import { type Outcome, type Post, type Signings, signMany } from "./signers";
import { campaignPath, serveSite } from "./site";
import type { Context, Measure, Result } from "./types";

/** Multiples of the capacity measured just before. */
const OFFERED = [0.5, 1, 2, 4];
const WARM_UP_SECONDS = 5;
const CAPACITY_SECONDS = 10;
const SECONDS = 15;
/** Pause between loads, so that one does not affect the next. */
const REST_MILLISECONDS = 6_000;
/** While capacity is measured, signers and readers send the next request as soon as they have an answer. */
const LANES = 64;
const AS_FAST_AS_POSSIBLE = 1_000_000;
/** Every signer must have an answer within this time, in milliseconds. */
const ANSWER_LIMIT_MILLISECONDS = 5_000;
/** If the generator itself is later than this, its results are not judged. */
const GENERATOR_LATE_MILLISECONDS = 500;
/** A readers' generator that sends less than this share of its target is at its limit. */
const GENERATOR_SHARE = 0.9;
/** The acceptable answers under overload. */
const MANNERLY: readonly Outcome[] = ["303", "503"];

/** One signer on a phone: a form, answered with a page. */
function form(number: number): Post {
  const fields = {
    name: `Signer ${number}`,
    email: `overload-${process.pid}-${number}@example.org`,
    country: "PK",
    consent: "yes",
    locale: "en",
  };
  return {
    path: `/api/petitions/${CAMPAIGN_SLUG}/signatures`,
    headers: { "content-type": "application/x-www-form-urlencoded", accept: "text/html" },
    body: new URLSearchParams(fields).toString(),
    accepted: 303,
  };
}

type Offer = { signaturesPerSecond: number; pagesPerSecond: number };

/**
 * Loads the site with 0.5, 1, 2 and 4 times its combined capacity of signers and readers, and reports what
 * each kind of visitor got.
 */
export const overload: Measure = {
  name: "overload",
  async run(context) {
    if (findNginx() === null || process.platform !== "linux") {
      context.note("left out: it needs nginx, and Linux's addresses of loopback");
      return [];
    }
    const { url } = await context.seededDatabase();
    const web = await serveSite(context);
    const front = await startEdge([Number(new URL(web.url).port)]);
    const client = new Client({ connectionString: url });
    await client.connect();
    const stored = async () => Number((await client.query("SELECT count(*) FROM signature")).rows[0].count);
    const visit = (seconds: number, pace: Parameters<typeof signMany>[0]["pace"], pagesPerSecond: number) =>
      Promise.all([
        signMany({ origin: front.origin, seconds, pace, through: "edge", post: form }),
        readMany({
          address: `${front.origin}${campaignPath("en")}`,
          seconds,
          perSecond: pagesPerSecond,
          folder: context.folder,
        }),
      ]);
    try {
      const before = await stored();
      let accepted = 0;
      const noteAccepted = (signings: Signings) => {
        accepted += signings.accepted;
        return signings;
      };
      noteAccepted((await visit(WARM_UP_SECONDS, { lanes: LANES }, AS_FAST_AS_POSSIBLE))[0]);
      const [signings, pages] = await visit(CAPACITY_SECONDS, { lanes: LANES }, AS_FAST_AS_POSSIBLE);
      const capacity = {
        signaturesPerSecond: noteAccepted(signings).perSecond,
        pagesPerSecond: pages.perSecond,
      };
      context.note(`signers are made by Node.js's http, readers by ${await readerProgram()}`);
      const results: Result[] = [
        { what: "capacity: signatures", ours: capacity.signaturesPerSecond, unit: "/s", better: "higher" },
        {
          what: "capacity: pages at the same time",
          ours: capacity.pagesPerSecond,
          unit: "/s",
          better: "higher",
        },
      ];
      for (const times of OFFERED) {
        await sleep(REST_MILLISECONDS);
        const offer = {
          signaturesPerSecond: capacity.signaturesPerSecond * times,
          pagesPerSecond: capacity.pagesPerSecond * times,
        };
        const [signed, read] = await visit(
          SECONDS,
          { perSecond: offer.signaturesPerSecond },
          offer.pagesPerSecond,
        );
        results.push(...linesOf(context, times, offer, noteAccepted(signed), read));
      }
      const lost = Math.max(0, accepted - ((await stored()) - before));
      return [
        ...results,
        { what: "acknowledged, yet not kept", ours: lost, unit: "", better: "lower", limit: 0 },
      ];
    } finally {
      await client.end();
      await Promise.all([front.stop(), web.stop()]);
    }
  },
};

function linesOf(
  context: Context,
  times: number,
  offer: Offer,
  signed: Signings,
  read: Awaited<ReturnType<typeof readMany>>,
): Result[] {
  const { outcomes, lateMilliseconds } = signed;
  const of = (outcome: Outcome) => (outcomes[outcome] ?? 0) / SECONDS;
  const unmannerly = Object.entries(outcomes).filter(([outcome]) => !MANNERLY.includes(outcome as Outcome));
  const isLate = lateMilliseconds > GENERATOR_LATE_MILLISECONDS;
  const readersShort = read.perSecond < offer.pagesPerSecond * GENERATOR_SHARE;
  const rounded = (value: number) => Math.round(value).toLocaleString("en");
  context.note(
    `${times}×: offered ${rounded(offer.signaturesPerSecond)} signatures and ${rounded(offer.pagesPerSecond)} pages a second; signers got ${JSON.stringify(outcomes)}, readers who got no page: ${JSON.stringify(read.outcomes)}`,
  );
  if (isLate)
    context.note(
      `${times}×: the generator itself was ${rounded(lateMilliseconds)} ms late: what its signers got is not judged`,
    );
  if (readersShort)
    context.note(
      `${times}×: readers came at ${rounded(read.perSecond)} a second only: their generator's limit, or nginx's`,
    );
  const line = (
    what: string,
    ours: number,
    unit: string,
    better: Result["better"],
    limit?: number,
  ): Result => ({
    what: `${times}×: ${what}`,
    ours,
    unit,
    better,
    ...(limit === undefined ? {} : { limit }),
  });
  return [
    line("signed", of("303"), "/s", "higher"),
    line("signers told to come back (503)", of("503"), "/s", "lower"),
    line(
      "signers refused, broken off, timed out or told anything else",
      unmannerly.reduce((sum, [, count = 0]) => sum + count, 0),
      "",
      "lower",
      isLate ? undefined : 0,
    ),
    line(
      isLate ? "longest wait of a signer (generator late)" : "longest wait of a signer",
      signed.longestMilliseconds,
      "ms",
      "lower",
      isLate ? undefined : ANSWER_LIMIT_MILLISECONDS,
    ),
    line("pages", read.perSecond, "/s", "higher"),
    line("readers who got no page", read.failed, "", "lower"),
  ];
}

import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { closeDatabase } from "@/lib/db/client";
import { deskFigures, foldSignatureChanges } from "@/lib/desk";
import { answerExport } from "@/lib/export";
import { narrowNameBuckets } from "@/lib/people";
import { findSignatories } from "@/lib/signatories";
import { campaignFigures, sign } from "@/lib/signing";
import { requestOf } from "./signing";
import type { Measure, Result } from "./types";

/** Returns a new reader at each call, who has not opened any names. */
const someReader = () => ({
  actor: { kind: "account", id: crypto.randomUUID(), label: "bench", role: "owner" } as const,
  proved: true,
});

/** Table sizes at which the same work is measured, in turn, up to `--rows`. */
const SIZES = [10_000, 1_000_000, 10_000_000];
const REPEATED = 200;
const EXPORTS = 5;
/** The longest a search for one person may take, including decryption, in milliseconds. */
const SEARCH_LIMIT_MILLISECONDS = 200;

/** Returns the median time of repeated work, in milliseconds. */
async function median(times: number, work: (turn: number) => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let turn = 0; turn < times; turn += 1) {
    const began = performance.now();
    await work(turn);
    taken.push(performance.now() - began);
  }
  return taken.sort((left, right) => left - right)[Math.floor(times / 2)] ?? 0;
}

async function firstByte(): Promise<void> {
  const request = new Request("http://localhost/export?format=csv&status=all");
  const answer = await answerExport(request, CAMPAIGN_SLUG, { label: "bench" }, async () => {});
  const reader = answer.body?.getReader();
  await reader?.read();
  await reader?.cancel();
}

/** Measures each operation with few signatures and with many: whether its cost grows. */
export const growth: Measure = {
  name: "growth",
  async run(context) {
    const sizes = [...new Set(SIZES.map((size) => Math.min(size, context.rows)))];
    const results: Result[] = [];
    const first = new Map<string, number>();
    let signers = 0;
    try {
      for (const size of sizes) {
        await context.grownTo(size);
        // The worker does this every minute.
        await foldSignatureChanges();
        while (await narrowNameBuckets());
        const newest = await findSignatories(someReader(), CAMPAIGN_SLUG, {});
        const [someone] = newest.kind === "found" ? newest.signatories : [];
        const search = (find: string | undefined) => findSignatories(someReader(), CAMPAIGN_SLUG, { find });
        const works: [string, number, (turn: number) => Promise<unknown>][] = [
          ["sign", REPEATED, () => sign(CAMPAIGN_SLUG, requestOf(`growth-${signers++}`))],
          ["count", REPEATED, () => campaignFigures(CAMPAIGN_SLUG)],
          ["desk", REPEATED / 10, () => deskFigures(CAMPAIGN_SLUG)],
          ["search for an address", REPEATED, () => search(someone?.email)],
          ["search for a name", REPEATED / 10, () => search(someone?.name)],
          ["search for a name nobody has", REPEATED / 10, () => search("Nobody Ever")],
          ["first byte of an export", EXPORTS, firstByte],
        ];
        for (const [name, times, work] of works) {
          await work(0);
          const ours = await median(times, work);
          const few = first.get(name);
          if (few === undefined) first.set(name, ours);
          results.push({
            what: `${name}, ${size.toLocaleString("en")} signatures`,
            ours,
            unit: "ms",
            better: "lower",
            ...(name.startsWith("search") ? { limit: SEARCH_LIMIT_MILLISECONDS } : {}),
            ...(few === undefined
              ? {}
              : { peer: { name: `with ${sizes[0]?.toLocaleString("en")}`, value: few } }),
          });
        }
      }
      return results;
    } finally {
      await closeDatabase();
    }
  },
};

import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { Client } from "pg";
import { type Signings, signMany } from "./signers";
import { serveSite } from "./site";
import type { Measure } from "./types";

const KEY_BYTES = 32;
/** Signers per second during re-encryption: ten times a petition's busy hour. */
const SIGNATURES_PER_SECOND = 50;
const ROUND_SECONDS = 5;
const P99_LIMIT_MILLISECONDS = 500;

/**
 * Re-encrypts all signatures with a new key by `npm run rotate-keys` while people sign. Comes last, because
 * other measures know only the old key.
 */
export const rotation: Measure = {
  name: "rotation",
  async run(context) {
    const { url } = await context.seededDatabase();
    context.env.DATA_KEYS = `k2:${randomBytes(KEY_BYTES).toString("base64")},${context.env.DATA_KEYS}`;
    const site = await serveSite(context);
    const client = new Client({ connectionString: url });
    await client.connect();
    const number = async (sql: string) => Number((await client.query(sql)).rows[0]?.number);
    try {
      const before = await number("SELECT count(*) AS number FROM signature WHERE data_key_id = 'k1'");
      let rotating = true;
      const began = performance.now();
      const rotated = promisify(execFile)(process.execPath, ["--import", "tsx", "scripts/rotate-keys.ts"], {
        env: { ...process.env, ...context.env },
      }).finally(() => {
        rotating = false;
      });
      const rounds: Signings[] = [];
      const signing = (async () => {
        while (rotating)
          rounds.push(
            await signMany({
              origin: site.url,
              seconds: ROUND_SECONDS,
              pace: { perSecond: SIGNATURES_PER_SECOND },
              through: "site",
            }),
          );
      })();
      await rotated;
      const seconds = (performance.now() - began) / 1_000;
      await signing;
      return [
        { what: "values sealed anew", ours: before / seconds, unit: "rows/s", better: "higher" },
        {
          what: "sealed with the old key afterwards",
          ours: await number("SELECT count(*) AS number FROM signature WHERE data_key_id = 'k1'"),
          unit: "rows",
          better: "lower",
          limit: 0,
        },
        {
          what: "signing meanwhile, 99 of 100, worst five seconds",
          ours: Math.max(...rounds.map(({ p99Milliseconds }) => p99Milliseconds)),
          unit: "ms",
          better: "lower",
          limit: P99_LIMIT_MILLISECONDS,
        },
        {
          what: "signatures refused meanwhile",
          ours: rounds.reduce((sum, { refused }) => sum + refused, 0),
          unit: "",
          better: "lower",
          limit: 0,
        },
      ];
    } finally {
      await client.end();
      await site.stop();
    }
  },
};

import { randomBytes } from "node:crypto";
import { Pool } from "pg";
import { v7 as uuidv7 } from "uuid";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { CONSENT_VERSION } from "@/lib/consent";
import { closeDatabase } from "@/lib/db/client";
import { sign } from "@/lib/signing/sign";
import type { Measure } from "./types";

const CONNECTIONS = 16;
const SECONDS = 10;
/** 20,000 a minute: thirteen times the rate at which a parliament's petition site broke down in 2019. */
const SIGNATURES_PER_SECOND = 333;
const P99_LIMIT_MILLISECONDS = 500;
const KEY_BYTES = 32;
const SEALED_BYTES = 48;

/** Works in `CONNECTIONS` lanes for `SECONDS`. */
async function lanes(work: () => Promise<unknown>): Promise<{ perSecond: number; p99: number }> {
  const times: number[] = [];
  const startedAt = performance.now();
  const until = startedAt + SECONDS * 1_000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        const before = performance.now();
        await work();
        times.push(performance.now() - before);
      }
    }),
  );
  const perSecond = times.length / ((performance.now() - startedAt) / 1_000);
  times.sort((left, right) => left - right);
  return { perSecond, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

/** Signing as the route calls it, against the same two rows written by nothing but pg. */
export const signing: Measure = {
  name: "signing",
  async run(context) {
    const { url } = await context.database();
    let number = 0;
    try {
      const ours = await lanes(() => {
        number += 1;
        return sign(CAMPAIGN_SLUG, {
          name: `Signer ${number}`,
          email: `signer-${number}@example.org`,
          country: "PK",
          locale: "en",
          updates: false,
          publicName: false,
          consent: "yes",
          ref: undefined,
          origin: undefined,
        });
      });
      await closeDatabase();
      const bare = await bareInserts(url);
      const name = `two inserts by pg, ${CONNECTIONS} connections`;
      return [
        {
          what: "signatures",
          ours: ours.perSecond,
          unit: "/s",
          better: "higher",
          limit: SIGNATURES_PER_SECOND,
          peer: { name, value: bare.perSecond },
        },
        {
          what: "signing, 99 of 100",
          ours: ours.p99,
          unit: "ms",
          better: "lower",
          limit: P99_LIMIT_MILLISECONDS,
          peer: { name, value: bare.p99 },
        },
      ];
    } finally {
      await closeDatabase();
    }
  },
};

async function bareInserts(url: string): Promise<{ perSecond: number; p99: number }> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  try {
    const { rows } = await pool.query<{ campaign: string; consent: string }>(
      `SELECT campaign.id AS campaign, consent_text.id AS consent FROM campaign, consent_text
       WHERE slug = $1 AND version = $2 AND consent_text.locale = 'en'`,
      [CAMPAIGN_SLUG, CONSENT_VERSION],
    );
    const [ids] = rows;
    if (!ids) throw new Error("the campaign is not in the database");
    return await lanes(() => {
      const id = uuidv7();
      return pool.query({
        name: "two-inserts",
        text: `WITH written AS (
            INSERT INTO signature (id, campaign_id, email_key, data_key_id, name_encrypted, email_encrypted, country,
              locale, wants_updates, public_name, consent_text_id, name_key)
            VALUES ($1, $2, $3, 'k1', $4, $4, 'PK', 'en', false, false, $5, $3) RETURNING id)
          INSERT INTO mail (id, signature_id, kind) SELECT $6, id, 'confirmation' FROM written`,
        values: [id, ids.campaign, randomBytes(KEY_BYTES), randomBytes(SEALED_BYTES), ids.consent, uuidv7()],
      });
    });
  } finally {
    await pool.end();
  }
}

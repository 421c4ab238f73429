import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { campaignSlugs } from "@/lib/campaigns";
import { CONSENT_VERSION } from "@/lib/consent";
import { connect, inLongTransaction } from "@/lib/db/connection";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import type { Surroundings } from "./rows";
import type { Share } from "./worker";

/** More threads would wait for the database, not for the processor. */
const THREADS_MAX = 4;
const TAG_BYTES = 4;

/**
 * Adds made-up signatures to a campaign: names in four scripts,
 * undeliverable addresses (RFC 2606), sealed like real ones.
 * Every run adds more; the database's triggers update the counters. The campaign and its consent texts must
 * exist, and `settings()` must hold the keys.
 */
export async function generateSignatures(task: {
  databaseUrl: string;
  /** The campaign's slug; the first campaign's by default. */
  slug?: string;
  signatures: number;
  onProgress?: (done: number) => void;
}): Promise<{ seconds: number }> {
  const began = performance.now();
  const { before, ...surroundings } = await readSurroundings(
    task.databaseUrl,
    task.slug ?? campaignSlugs()[0] ?? "",
  );
  const threads = Math.max(1, Math.min(availableParallelism(), THREADS_MAX, task.signatures));
  const run = randomBytes(TAG_BYTES).toString("hex");
  const now = new Date();
  let done = 0;
  await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      inThread(
        {
          databaseUrl: task.databaseUrl,
          surroundings,
          before,
          threads,
          signatures:
            Math.floor((task.signatures * (thread + 1)) / threads) -
            Math.floor((task.signatures * thread) / threads),
          prefix: `${run}${thread}x`,
          now,
        },
        (added) => {
          done += added;
          task.onProgress?.(done);
        },
      ),
    ),
  );
  await analyse(task.databaseUrl);
  return { seconds: (performance.now() - began) / 1000 };
}

async function readSurroundings(
  databaseUrl: string,
  slug: string,
): Promise<Surroundings & Pick<Share, "before">> {
  return inLongTransaction(databaseUrl, { name: "seed" }, async (client) => {
    const campaigns = await client.query<{ id: string; textVersion: number | null }>(
      `SELECT campaign.id, version.number AS "textVersion" FROM campaign
       LEFT JOIN campaign_version AS version ON version.campaign_id = campaign.id AND version.state = 'published'
       WHERE slug = $1`,
      [slug],
    );
    const before = await client.query<{ country: string; people: number }>(
      "SELECT country, sum(confirmed)::float8 AS people FROM signature_hour WHERE campaign_id = $1 GROUP BY country",
      [campaigns.rows[0]?.id],
    );
    const texts = await client.query<{ id: string; locale: Locale }>(
      "SELECT id, locale FROM consent_text WHERE version = $1",
      [CONSENT_VERSION],
    );
    const campaignId = campaigns.rows[0]?.id;
    const consentTextIds = Object.fromEntries(texts.rows.map(({ locale, id }) => [locale, id]));
    if (campaignId === undefined || !LOCALES.every((locale) => locale in consentTextIds))
      throw new Error("The campaign is not in the database yet: npm start puts it there");
    return {
      campaignId,
      consentTextIds: consentTextIds as Record<Locale, string>,
      textVersion: campaigns.rows[0]?.textVersion ?? null,
      before: Object.fromEntries(before.rows.map(({ country, people }) => [country, people])),
    };
  });
}

/** Updates the planner's row counts and the map of pages that need no second look. */
async function analyse(databaseUrl: string): Promise<void> {
  await inLongTransaction(databaseUrl, { name: "seed" }, (client) => client.query("ANALYZE signature"));
  // VACUUM cannot run in a transaction, so our own limits do not apply.
  // If it is cut short, PostgreSQL does it later.
  const client = await connect({ connectionString: databaseUrl });
  await client.query("VACUUM signature").catch(() => {});
  await client.end();
}

function inThread(share: Share, onAdded: (added: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData: share,
      execArgv: ["--import", "tsx"],
    });
    worker.on("message", onAdded);
    worker.once("error", reject);
    worker.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`A thread of the generator ended with ${code}`)),
    );
  });
}

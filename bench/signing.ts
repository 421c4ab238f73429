import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { Client, Pool } from "pg";
import { v7 as uuidv7 } from "uuid";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { CONSENT_VERSION } from "@/lib/consent";
import { closeDatabase } from "@/lib/db/client";
import { sealedSizes } from "@/lib/db/encryption";
import { checkSignatureForm, sign } from "@/lib/signing";
import { type Post, type Signers, type Signings, signMany } from "./signers";
import { serveSite } from "./site";
import type { Context, Measure } from "./types";

const CONNECTIONS = 16;
/** Concurrent signers over HTTP. */
const LANES = 64;
export const SECONDS = 10;
/** The first signings of a process wait for compilation and new connections. */
const WARM_UP_SECONDS = 3;
/** 20,000 a minute: thirteen times the rate at which a parliament's petition site broke down in 2019. */
const SIGNATURES_PER_SECOND = 333;
const P99_LIMIT_MILLISECONDS = 500;
/** The least share of the database's own throughput that HTTP, form checks, limits and sealing may leave. */
const LEAST_OF_PEER = 0.2;
const KEY_BYTES = 32;
/** Placeholder for sealed data. Nobody can decrypt it, so no worker may receive it. */
const SEALED = Buffer.alloc(sealedSizes({ table: "signature", column: "person" })[0] ?? 0, 0xab);

const FIELDS = { name: "Signer", email: "signer@example.org", country: "PK", locale: "en", consent: "yes" };
/** The checked form, made once: form checks are not part of this measure. */
const CHECKED = checkSignatureForm(FIELDS);

/** Returns a signing request that has passed the form's checks. */
export function requestOf(signer: string): Parameters<typeof sign>[1] {
  if (!CHECKED.ok) throw new Error(JSON.stringify(CHECKED.errors));
  return { ...CHECKED.request, name: `Signer ${signer}`, email: `${signer}@example.org` };
}

/**
 * Runs work in `CONNECTIONS` parallel lanes.
 * @returns runs per second.
 */
async function lanes(seconds: number, work: () => Promise<unknown>): Promise<number> {
  let done = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1_000;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < until) {
        await work();
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - startedAt) / 1_000);
}

/**
 * Signing over HTTP at one web process, and `sign` alone, compared with pgbench writing the same two rows.
 */
export const signing: Measure = {
  name: "signing",
  async run(context) {
    const { url } = await context.database();
    const seconds = context.seconds ?? SECONDS;
    let number = 0;
    try {
      const bare = (await withPgbench(context, url, seconds)) ?? (await withPg(url, seconds));
      await forgetPeers(url);
      const statement = await lanes(seconds, () => sign(CAMPAIGN_SLUG, requestOf(`statement-${number++}`)));
      await closeDatabase();
      const site = await serveSite(context);
      const http = await signFlatOut({ origin: site.url, seconds }).finally(site.stop);
      const rate = { unit: "/s", better: "higher", limit: SIGNATURES_PER_SECOND, peer: bare } as const;
      return [
        { ...rate, what: "signatures over HTTP", ours: http.perSecond, leastRatio: LEAST_OF_PEER },
        {
          what: "signing over HTTP, 99 of 100",
          ours: http.p99Milliseconds,
          unit: "ms",
          better: "lower",
          limit: P99_LIMIT_MILLISECONDS,
        },
        { ...rate, what: "signatures without HTTP and limits", ours: statement, leastRatio: LEAST_OF_PEER },
      ];
    } finally {
      await closeDatabase();
    }
  },
};

/**
 * Signs as fast as a warmed-up process allows. Throws if any signature is refused, since a rate of refusals
 * is meaningless.
 */
export async function signFlatOut(
  signers: Pick<Signers, "origin" | "seconds"> & { post?: (number: number) => Post },
): Promise<Signings> {
  const load = { ...signers, pace: { lanes: LANES }, through: "site" } as const;
  await signMany({ ...load, seconds: WARM_UP_SECONDS });
  const signings = await signMany(load);
  if (signings.refused > 0) throw new Error(`${signings.refused} signatures were refused`);
  return signings;
}

type Peer = { name: string; value: number };

const TWO_INSERTS = (values: { id: string; key: string; sealed: string; mail: string; place: string }) => `
  WITH place AS (${values.place}),
  written AS (
    INSERT INTO signature (id, campaign_id, mailbox_key, data_key_id, person_encrypted, country,
      locale, wants_updates, public_name, consent_text_id, name_bucket)
    SELECT ${values.id}, place.campaign, ${values.key}, 'k1', ${values.sealed}, 'PK', 'en',
      false, false, place.consent, 1 FROM place RETURNING id)
  INSERT INTO mail (id, signature_id, kind) SELECT ${values.mail}, id, 'confirmation' FROM written`;

/** Looks up campaign and consent text, as the site does. */
const PLACE = `SELECT campaign.id AS campaign, consent_text.id AS consent FROM campaign, consent_text
  WHERE slug = '${CAMPAIGN_SLUG}' AND version = '${CONSENT_VERSION}' AND consent_text.locale = 'en'`;

/** Runs PostgreSQL's own load generator; null if it is not installed. */
async function withPgbench(context: Context, url: string, seconds: number): Promise<Peer | null> {
  const file = path.join(context.folder, "two-inserts.sql");
  const statement = TWO_INSERTS({
    id: "gen_random_uuid()",
    key: "sha256(uuid_send(gen_random_uuid()))",
    sealed: `decode('${SEALED.toString("hex")}', 'hex')`,
    mail: "gen_random_uuid()",
    place: PLACE,
  });
  await writeFile(file, `${statement.replaceAll(/\s+/g, " ")};\n`);
  const args = [
    "-n",
    "-M",
    "prepared",
    "-c",
    String(CONNECTIONS),
    "-j",
    "2",
    "-T",
    String(seconds),
    "-f",
    file,
    url,
  ];
  try {
    const { stdout } = await promisify(execFile)("pgbench", args);
    return { name: "pgbench", value: Number(/tps = ([\d.]+)/.exec(stdout)?.[1]) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return null;
  }
}

async function withPg(url: string, seconds: number): Promise<Peer> {
  const pool = new Pool({ connectionString: url, max: CONNECTIONS });
  const text = TWO_INSERTS({ id: "$1", key: "$2", sealed: "$3", mail: "$4", place: PLACE });
  try {
    const value = await lanes(seconds, () =>
      pool.query({
        name: "two-inserts",
        text,
        values: [uuidv7(), randomBytes(KEY_BYTES), SEALED, uuidv7()],
      }),
    );
    return { name: "two inserts by pg", value };
  } finally {
    await pool.end();
  }
}

/** Deletes a peer's rows, which nobody can decrypt. */
export async function forgetPeers(url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("DELETE FROM signature WHERE person_encrypted = $1", [SEALED]);
  await client.end();
}

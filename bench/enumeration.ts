import { Client } from "pg";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { closeDatabase } from "@/lib/db/client";
import { checkSignatureForm, emailKey, sign } from "@/lib/signing";
import { serveSite } from "./site";
import type { Measure, Result } from "./types";

/** Posts of each kind that count, after some that warm everything up. */
const POSTS = 1_000;
const WARM_UP_POSTS = 200;
/** Who measures asks this many at once: most of an answer's time is spent waiting. */
const LANES = 4;
/** How far apart the middle answers may be, in milliseconds, and how well one may be told from the other by its time. */
const MEDIAN_LIMIT_MILLISECONDS = 2;
const AUC_LIMIT = 0.55;

/** What an address may be that somebody tries: of those that have signed, some just now, some an hour ago or more. */
const KINDS = ["new", "pending", "confirmed", "suppressed", "blocked"] as const;
type Kind = (typeof KINDS)[number];
type Times = Record<Kind, number[]>;

const addressOf = (kind: Kind, place: number) => `${kind}.${place}@example.org`;

/** Whether the time of an answer tells who has signed: each kind of address in turn, at the real server on loopback. */
export const enumeration: Measure = {
  name: "enumeration",
  async run(context) {
    const { url } = await context.database();
    await prepare(url);
    const site = await serveSite(context);
    try {
      const access = await timed(`${site.url}/api/signature/access`);
      const signing = await timed(`${site.url}/api/petitions/${CAMPAIGN_SLUG}/signatures`);
      return [...compared("signing", signing), ...compared("asking for a lost link", access)];
    } finally {
      await site.stop();
      await closeDatabase();
    }
  },
};

/** Puts the addresses into the database: signed, confirmed, suppressed and blocked. */
async function prepare(url: string): Promise<void> {
  for (const kind of ["pending", "confirmed", "suppressed"] as const)
    for (let place = 0; place < POSTS + WARM_UP_POSTS; place++) {
      const checked = checkSignatureForm(formOf(addressOf(kind, place)));
      if (!checked.ok) throw new Error("the measure's own form is wrong");
      await sign(CAMPAIGN_SLUG, checked.request);
    }
  const keysOf = (kind: Kind) =>
    Array.from({ length: POSTS + WARM_UP_POSTS }, (_, place) => emailKey(addressOf(kind, place)));
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    `UPDATE signature SET state = 'confirmed', confirmed_at = now(), mail_requested_at = now() - interval '2 hours'
     WHERE email_key = ANY ($1)`,
    [keysOf("confirmed")],
  );
  await client.query(
    `INSERT INTO suppression (email_key, reason) SELECT key, 'unsubscribed' FROM unnest($1::bytea[]) AS key`,
    [keysOf("suppressed")],
  );
  await client.query(
    `INSERT INTO guard_entry (id, campaign_id, verdict, email_key)
     SELECT gen_random_uuid(), campaign.id, 'block', key FROM campaign, unnest($1::bytea[]) AS key`,
    [keysOf("blocked")],
  );
  await client.query("VACUUM (ANALYZE)");
  await client.end();
}

const formOf = (email: string) => ({ name: "Zarghuna", email, country: "AF", consent: "yes", locale: "en" });

/** Posts one address of each kind after the other, in an order that changes, each from a network of its own. */
async function timed(address: string): Promise<Times> {
  const times: Times = { new: [], pending: [], confirmed: [], suppressed: [], blocked: [] };
  const lane = async (first: number) => {
    for (let place = first; place < POSTS + WARM_UP_POSTS; place += LANES)
      await timedPlace(address, place, times);
  };
  await Promise.all(Array.from({ length: LANES }, (_, first) => lane(first)));
  return times;
}

async function timedPlace(address: string, place: number, times: Times): Promise<void> {
  for (const turn of KINDS.keys()) {
    const kind = KINDS[(turn + place) % KINDS.length] ?? "new";
    const headers = {
      accept: "application/json",
      "content-type": "application/json",
      "x-forwarded-for": `10.${place >> 8}.${place & 255}.1`,
    };
    const body = JSON.stringify(formOf(addressOf(kind, place)));
    const before = performance.now();
    const answer = await fetch(address, { method: "POST", headers, body });
    await answer.arrayBuffer();
    const took = performance.now() - before;
    if (answer.status !== 202) throw new Error(`a post was answered ${answer.status}`);
    if (place >= WARM_UP_POSTS) times[kind].push(took);
  }
}

/** The furthest that any kind of address is from a new one. */
function compared(what: string, times: Times): Result[] {
  const others = KINDS.slice(1).map((kind) => times[kind]);
  const apart = others.map((each) => Math.abs(median(each) - median(times.new)));
  const told = others.map((each) => tellingApart(each, times.new));
  return [
    {
      what: `${what}: middle answers apart`,
      ours: Math.max(...apart),
      unit: "ms",
      better: "lower",
      limit: MEDIAN_LIMIT_MILLISECONDS,
    },
    {
      what: `${what}: told apart by time (AUC)`,
      ours: Math.max(...told),
      unit: "",
      better: "lower",
      limit: AUC_LIMIT,
    },
  ];
}

function median(times: number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? 0;
}

/** How often a guess by time alone is right, 0.5 being chance (area under the ROC curve, either way round). */
function tellingApart(left: number[], right: number[]): number {
  let above = 0;
  for (const one of left) for (const other of right) above += one > other ? 1 : one === other ? 0.5 : 0;
  const area = above / (left.length * right.length);
  return Math.max(area, 1 - area);
}

import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { v7 as uuidv7 } from "uuid";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { hashUnlessBusy, newSecret } from "@/lib/accounts";
import { closeDatabase, database } from "@/lib/db/client";
import { currentDataKeyId, seal } from "@/lib/db/encryption";
import { mailboxKey } from "@/lib/mailbox";
import { checkSignatureForm, sign } from "@/lib/signing";
import { serveSite } from "./site";
import type { Measure, Result } from "./types";

/** Measured posts of each kind, after a warm-up. */
const POSTS = 1_000;
const WARM_UP_POSTS = 200;
/** Concurrent requests: most of an answer's time is spent waiting. */
const LANES = 4;
/**
 * Sign-ins of each kind. Each hashes a password, a third of a second on one core; the site hashes two at
 * once.
 */
const SIGN_INS = 500;
const SIGN_IN_LANES = 2;
/** The largest difference of medians, in milliseconds, and the largest AUC when classifying by time alone. */
const MEDIAN_LIMIT_MILLISECONDS = 2;
const AUC_LIMIT = 0.55;

/**
 * The possible states of a tried address. Of those that have signed, some did just now, some an hour or more
 * ago.
 */
const KINDS = ["new", "pending", "confirmed", "suppressed", "blocked"] as const;
type Kind = (typeof KINDS)[number];
type Times<Of extends string> = Record<Of, number[]>;

const addressOf = (kind: Kind, place: number) => `${kind}.${place}@example.org`;

/**
 * Measures whether response times reveal who has signed or who is an administrator. Asks with each kind in
 * turn, over HTTP at the real server.
 */
export const enumeration: Measure = {
  name: "enumeration",
  async run(context) {
    const { url } = await context.database();
    await prepare(url);
    const site = await serveSite(context);
    try {
      const access = await timedForms(`${site.url}/api/signature/access`);
      const signing = await timedForms(`${site.url}/api/petitions/${CAMPAIGN_SLUG}/signatures`);
      const signIns = await timedSignIns(site.url, await addAdministrator());
      return [
        ...compared("signing", signing),
        ...compared("asking for a lost link", access),
        ...compared("signing in at the desk", signIns),
      ];
    } finally {
      await site.stop();
      await closeDatabase();
    }
  },
};

/** Inserts the addresses into the database: signed, confirmed, suppressed and blocked. */
async function prepare(url: string): Promise<void> {
  for (const kind of ["pending", "confirmed", "suppressed"] as const)
    for (let place = 0; place < POSTS + WARM_UP_POSTS; place++) {
      const checked = checkSignatureForm(formOf(addressOf(kind, place)));
      if (!checked.ok) throw new Error("the measure's own form is wrong");
      await sign(CAMPAIGN_SLUG, checked.request);
    }
  const keysOf = (kind: Kind) =>
    Array.from({ length: POSTS + WARM_UP_POSTS }, (_, place) => mailboxKey(addressOf(kind, place)));
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(
    `UPDATE signature SET state = 'confirmed', confirmed_at = now(), mail_requested_at = now() - interval '2 hours'
     WHERE mailbox_key = ANY ($1)`,
    [keysOf("confirmed")],
  );
  await client.query(
    `INSERT INTO suppression (mailbox_key, reason) SELECT key, 'stopped' FROM unnest($1::bytea[]) AS key`,
    [keysOf("suppressed")],
  );
  await client.query(
    `INSERT INTO abuse_list_entry (id, campaign_id, verdict, mailbox_key)
     SELECT gen_random_uuid(), campaign.id, 'block', key FROM campaign, unnest($1::bytea[]) AS key`,
    [keysOf("blocked")],
  );
  await client.query("VACUUM (ANALYZE)");
  await client.end();
}

const formOf = (email: string) => ({ name: "Zarghuna", email, country: "AF", consent: "yes", locale: "en" });

/**
 * Measures one request of each kind at every place, in rotating order, in parallel lanes.
 * @param ask resolves when answered; `place` counts from 0 and selects the network.
 */
async function timed<Of extends string>(
  { kinds, lanes, posts, warmUp }: { kinds: readonly Of[]; lanes: number; posts: number; warmUp: number },
  ask: (kind: Of, place: number) => Promise<void>,
): Promise<Times<Of>> {
  const times = {} as Times<Of>; // filled on the next line
  for (const kind of kinds) times[kind] = [];
  const lane = async (first: number) => {
    for (let place = first; place < posts + warmUp; place += lanes)
      for (const turn of kinds.keys()) {
        const kind = kinds[(turn + place) % kinds.length];
        if (kind === undefined) throw new Error("there is no kind to ask for");
        const before = performance.now();
        await ask(kind, place);
        if (place >= warmUp) times[kind].push(performance.now() - before);
      }
  };
  await Promise.all(Array.from({ length: lanes }, (_, first) => lane(first)));
  return times;
}

const networkOf = (place: number) => `10.${place >> 8}.${place & 255}.1`;

/** Times posts of a form, for signing or for a lost link, to an address that answers 202. */
function timedForms(address: string): Promise<Times<Kind>> {
  return timed({ kinds: KINDS, lanes: LANES, posts: POSTS, warmUp: WARM_UP_POSTS }, async (kind, place) => {
    const headers = {
      accept: "application/json",
      "content-type": "application/json",
      "x-forwarded-for": networkOf(place),
    };
    const body = JSON.stringify(formOf(addressOf(kind, place)));
    const answer = await fetch(address, { method: "POST", headers, body });
    await answer.arrayBuffer();
    if (answer.status !== 202) throw new Error(`a post was answered ${answer.status}`);
  });
}

/** Creates an administrator who can sign in, without an enrolment. */
async function addAdministrator(): Promise<string> {
  const id = uuidv7();
  const email = "owner@example.org";
  await database().adminAccount.create({
    data: {
      id,
      email,
      role: "owner",
      passwordHash: await hashUnlessBusy(randomUUID()),
      dataKeyId: currentDataKeyId(),
      totpEncrypted: seal(newSecret(), { table: "admin_account", column: "totp", id }),
    },
  });
  return email;
}

/** Times sign-ins with a wrong password, alternating between an administrator's address and others. */
async function timedSignIns(
  site: string,
  administrator: string,
): Promise<Times<"stranger" | "administrator">> {
  const form = await fetch(`${site}/admin/sign-in`);
  const csrfToken = /name="csrfToken" value="([^"]+)"/.exec(await form.text())?.[1];
  if (csrfToken === undefined) throw new Error("the sign-in page has no token");
  const cookie = form.headers
    .getSetCookie()
    .map((each) => each.split(";", 1)[0])
    .join("; ");
  return timed(
    { kinds: ["stranger", "administrator"], lanes: SIGN_IN_LANES, posts: SIGN_INS, warmUp: 10 },
    async (kind, place) => {
      const answer = await fetch(`${site}/api/auth/callback/credentials`, {
        method: "POST",
        redirect: "manual",
        headers: { cookie, origin: site, "x-forwarded-for": networkOf(place) },
        body: new URLSearchParams({
          csrfToken,
          email: kind === "administrator" ? administrator : `stranger.${place}@example.org`,
          password: "a password of nobody",
          code: "000000",
        }),
      });
      await answer.arrayBuffer();
      if (!answer.headers.get("location")?.includes("error=CredentialsSignin"))
        throw new Error(`a sign-in was answered ${answer.status}`);
    },
  );
}

/** Compares each kind with the first and returns the largest differences. */
function compared<Of extends string>(what: string, times: Times<Of>): Result[] {
  const [first = [], ...others] = Object.values<number[]>(times);
  const apart = others.map((each) => Math.abs(median(each) - median(first)));
  const told = others.map((each) => tellingApart(each, first));
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

/**
 * Returns how often a guess by time alone is right; 0.5 is chance (area under the ROC curve, in either
 * direction).
 */
function tellingApart(left: number[], right: number[]): number {
  let above = 0;
  for (const one of left) for (const other of right) above += one > other ? 1 : one === other ? 0.5 : 0;
  const area = above / (left.length * right.length);
  return Math.max(area, 1 - area);
}

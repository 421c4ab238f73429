import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";
import type { FailureMode } from "@/tests/support/fake-resend";
import { type Crowd, SIGNATURE_PATH, signatureBody, signatureHeaders, signOnce, startCrowd } from "./signers";
import { type Site, startSite, type Victim, within } from "./site";

/** How much of everything: briefly within `npm test`, and as the acceptance figures A1 to A6 ask. */
export type Scale = {
  /** How often web, worker and database are killed each. */
  rounds: number;
  signers: number;
  /** Between an answer and the same signer's next attempt: the mail that is owed has to be sent as well. */
  pauseMilliseconds: number;
  /** How long the site is left to serve before the next kill. */
  servingMilliseconds: number;
  /** How long the provider is left in each of its troubles. */
  outageMilliseconds: number;
  /** Signatures under way while the site is told to stop. */
  underWay: number;
};

export const SHORT: Scale = {
  rounds: 3,
  signers: 40,
  pauseMilliseconds: 500,
  servingMilliseconds: 700,
  outageMilliseconds: 0,
  underWay: 100,
};
export const LONG: Scale = {
  rounds: 20,
  signers: 150,
  pauseMilliseconds: 1_500,
  servingMilliseconds: 1_800,
  outageMilliseconds: 4_000,
  underWay: 1_000,
};

/** One thing that was counted or seen. `kept` is false when it breaks a promise; times are told, not judged. */
export type Finding = { what: string; found: string; kept: boolean };

const VICTIMS: readonly Victim[] = ["web", "worker", "database"];
const TROUBLES: readonly FailureMode[] = ["500", "429", "nonsense", "cut-after-accept", "refused-connection"];
const OUTAGES: readonly FailureMode[] = ["refused-connection", "hang", "500", "429", "nonsense"];
/** After the last kill everything owed is sent within this time: a lease of 30 s, and the same again. */
const DRAIN_LIMIT_MILLISECONDS = 60_000;
/** Posts while nothing can be written, one after the other: those that come while statements hang have to wait for one. */
const PRESSING_WHILE_LOCKED = 30;
const BETWEEN_POSTS_MILLISECONDS = 20;
/** Time for half-sent requests to reach the site, and for its stop to begin. */
const SETTLE_MILLISECONDS = 500;

/**
 * Runs the whole site with a mail provider that fails, has a crowd sign all the time, and takes away one part after the
 * other. Traffic stays on loopback and ends by itself.
 * @param signal stops the site and ends the run with an error.
 */
export async function runFaults(scale: Scale, signal: AbortSignal): Promise<Finding[]> {
  const site = await startSite();
  const began = performance.now();
  signal.addEventListener("abort", () => site.keeper.kill("SIGTERM"), { once: true });
  try {
    const fire = await underFire(site, scale);
    const outage = scale.outageMilliseconds > 0 ? await providerAway(site, scale) : null;
    const findings = [
      ...fire.findings,
      ...(outage?.findings ?? []),
      ...(await databaseAway(site)),
      ...(await signingStuck(site)),
    ];
    const acknowledged = new Set([...fire.acknowledged, ...(outage?.acknowledged ?? [])]);
    findings.push(...(await accountsFor(site, acknowledged)));
    findings.push(...(await toldToStop(site, scale.underWay)));
    return [{ what: "seconds in all", found: seconds(performance.now() - began), kept: true }, ...findings];
  } finally {
    await site.stop();
  }
}

/** Kills one after the other, each time after the site was there again for a while. */
async function underFire(
  site: Site,
  scale: Scale,
): Promise<{ findings: Finding[]; acknowledged: Set<string> }> {
  const began = performance.now();
  const crowd = startCrowd(site.url, "fire", scale.signers, scale.pauseMilliseconds);
  const kills = { web: 0, worker: 0, database: 0 };
  const comebacks: number[] = [];
  for (let round = 0; round < scale.rounds; round++) {
    for (const [turn, victim] of VICTIMS.entries()) {
      site.resend.fail(TROUBLES[(round + turn) % TROUBLES.length] ?? "500", 2);
      await sleep(scale.servingMilliseconds);
      process.kill(await site.processOf(victim), "SIGKILL");
      kills[victim]++;
      const killed = performance.now();
      await site.ready();
      if (victim !== "worker") comebacks.push(performance.now() - killed);
    }
  }
  await sleep(scale.servingMilliseconds);
  await crowd.stop();
  site.resend.recover();
  return {
    acknowledged: crowd.acknowledged,
    findings: [
      told("seconds under fire", seconds(performance.now() - began)),
      told("killed with SIGKILL: web, worker, database", VICTIMS.map((victim) => kills[victim]).join(", ")),
      told("signers at the same time", String(scale.signers)),
      told("signatures tried meanwhile", String(crowd.attempts)),
      judged("acknowledged (202)", String(crowd.acknowledged.size), crowd.acknowledged.size > 0),
      told(
        "seconds until signatures are taken again after a kill: median, longest",
        `${seconds(percentile(comebacks, 50))}, ${seconds(percentile(comebacks, 100))}`,
      ),
    ],
  };
}

/** The provider away in one way after the other, while people sign. */
async function providerAway(
  site: Site,
  scale: Scale,
): Promise<{ findings: Finding[]; acknowledged: Set<string> }> {
  const crowd: Crowd = startCrowd(site.url, "outage", scale.signers, scale.pauseMilliseconds);
  await sleep(scale.outageMilliseconds);
  crowd.takeLatencies();
  await sleep(scale.outageMilliseconds);
  const before = percentile(crowd.takeLatencies(), 99);
  for (const outage of OUTAGES) {
    site.resend.recover();
    site.resend.fail(outage, Number.POSITIVE_INFINITY);
    await sleep(scale.outageMilliseconds);
  }
  const meanwhile = percentile(crowd.takeLatencies(), 99);
  site.resend.recover();
  await crowd.stop();
  return {
    acknowledged: crowd.acknowledged,
    findings: [
      told("provider away while people sign, in turn", OUTAGES.join(", ")),
      told(
        "milliseconds to sign, p99: provider well, provider away",
        `${before.toFixed(0)}, ${meanwhile.toFixed(0)}`,
      ),
      judged("acknowledged (202) then", String(crowd.acknowledged.size), crowd.acknowledged.size > 0),
    ],
  };
}

/** The database down, and then hanging: pages go on, signing is refused honestly, and all is well again by itself. */
async function databaseAway(site: Site): Promise<Finding[]> {
  const pid = await site.processOf("database");
  // Frozen, the keeper starts nothing again.
  site.keeper.kill("SIGSTOP");
  process.kill(pid, "SIGKILL");
  const down = await answersWithoutDatabase(site, "down");
  site.keeper.kill("SIGCONT");
  await site.ready();
  const again = await site.processOf("database");
  process.kill(again, "SIGSTOP");
  const hanging = await answersWithoutDatabase(site, "hanging");
  process.kill(again, "SIGCONT");
  await site.ready();
  return [...down, ...hanging];
}

async function answersWithoutDatabase(site: Site, how: string): Promise<Finding[]> {
  const ready = await timed(() => statusOf(`${site.url}/api/health/ready`));
  const page = await timed(() => statusOf(`${site.url}/en/${CAMPAIGN_SLUG}`));
  const sign = how === "down" ? await timed(() => signOnce(site.url, "nobody@example.net")) : null;
  return [
    judged(
      `database ${how}: ready, seconds (limit 2)`,
      `${ready.value}, ${seconds(ready.milliseconds)}`,
      ready.value === 503,
    ),
    judged(
      `database ${how}: page, seconds`,
      `${page.value}, ${seconds(page.milliseconds)}`,
      page.value === 200,
    ),
    ...(sign === null
      ? []
      : [
          judged(
            `database ${how}: signing, seconds (limit 2)`,
            `${sign.value}, ${seconds(sign.milliseconds)}`,
            sign.value === 503,
          ),
        ]),
  ];
}

/** Somebody locks the signatures, so that every statement that the web process may have under way is stuck. */
async function signingStuck(site: Site): Promise<Finding[]> {
  const client = new Client({ connectionString: await site.databaseUrl() });
  await client.connect();
  await client.query("BEGIN; LOCK TABLE signature IN ACCESS EXCLUSIVE MODE");
  const answers = await Promise.all(
    Array.from({ length: PRESSING_WHILE_LOCKED }, async (_, index) => {
      await sleep(index * BETWEEN_POSTS_MILLISECONDS);
      return timed(() => signOnce(site.url, `locked.${index}@example.net`));
    }),
  );
  await client.query("ROLLBACK");
  await client.end();
  const refused = answers.filter(({ value }) => value === 503).map(({ milliseconds }) => milliseconds);
  const after = await within(DRAIN_LIMIT_MILLISECONDS, "signing does not recover", async () =>
    (await signOnce(site.url, "unlocked@example.net")) === 202 ? 202 : null,
  );
  return [
    judged(
      "signatures locked: posts, told 503, seconds of the first to be told so (limit 2)",
      `${answers.length}, ${refused.length}, ${seconds(percentile(refused, 0))}`,
      refused.length === answers.length,
    ),
    judged("signing afterwards", String(after), after === 202),
  ];
}

/** Holds what was promised against what is there, once nothing is owed any more. */
async function accountsFor(site: Site, acknowledged: ReadonlySet<string>): Promise<Finding[]> {
  const began = performance.now();
  const rows = await drained(await site.databaseUrl());
  const drainedAfter = performance.now() - began;
  const mails = new Map<string, number>();
  for (const { to } of site.resend.accepted) mails.set(String(to), (mails.get(String(to)) ?? 0) + 1);
  // An acknowledged signature is owed one mail, so one without a row is one without a mail as well.
  const lost = [...acknowledged].filter((email) => !mails.has(email)).length;
  const twice = [...mails.values()].filter((times) => times > 1).length;
  return [
    judged(
      "seconds until nothing was owed (limit 60)",
      seconds(drainedAfter),
      drainedAfter < DRAIN_LIMIT_MILLISECONDS,
    ),
    told("acknowledged in all", String(acknowledged.size)),
    judged("signatures in the database", String(rows), rows >= acknowledged.size),
    judged("acknowledged, yet lost", String(lost), lost === 0),
    told("addresses mailed", String(mails.size)),
    judged("mailed twice", String(twice), twice === 0),
    judged("signed, yet not mailed", String(rows - mails.size), rows === mails.size),
  ];
}

/** Has many signatures half sent, tells the site to stop, and sends the other halves. */
async function toldToStop(site: Site, underWay: number): Promise<Finding[]> {
  const calls = await Promise.all(
    Array.from({ length: underWay }, (_, index) =>
      halfSigned(site.port, `stopped.${index}@example.net`, index),
    ),
  );
  await sleep(SETTLE_MILLISECONDS);
  site.keeper.kill("SIGTERM");
  const began = performance.now();
  await sleep(SETTLE_MILLISECONDS);
  const answers = await Promise.all(calls.map((call) => call.finish()));
  await site.ended;
  const answered = answers.filter((status) => status === 202).length;
  return [
    judged(
      "signatures under way at SIGTERM, of them answered 202",
      `${underWay}, ${answered}`,
      answered === underWay,
    ),
    told("seconds until everything had ended (limit 30)", seconds(performance.now() - began)),
  ];
}

/** A post of which the site has the head and half the body. */
async function halfSigned(port: number, email: string, number: number) {
  const socket: Socket = connect(port, "localhost");
  let received = "";
  socket.setEncoding("utf8").on("data", (text: string) => {
    received += text;
  });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => socket.destroy());
  await once(socket, "connect");
  const body = signatureBody(email);
  const headers = Object.entries({
    ...signatureHeaders(number),
    host: "localhost",
    connection: "close",
    "content-length": String(Buffer.byteLength(body)),
  });
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(`POST ${SIGNATURE_PATH} HTTP/1.1\r\n${head}\r\n${body.slice(0, 20)}`);
  return {
    async finish(): Promise<number | null> {
      socket.write(body.slice(20));
      await closed;
      const status = /^HTTP\/1\.1 (\d{3})/.exec(received)?.[1];
      return status === undefined ? null : Number(status);
    },
  };
}

/** Waits until no mail is owed any more. @returns the signatures there are. */
async function drained(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const count = async () => {
    const { rows } = await client.query<{ owed: number; signatures: number }>(
      `SELECT (SELECT count(*) FROM mail WHERE state IN ('queued', 'batched'))::int AS owed,
        (SELECT count(*) FROM signature)::int AS signatures`,
    );
    return rows[0] ?? { owed: 0, signatures: 0 };
  };
  try {
    // Longer than promised: how much longer is worth knowing.
    return await within(DRAIN_LIMIT_MILLISECONDS * 3, "mail is owed for ever", async () => {
      const { owed, signatures } = await count();
      return owed === 0 ? signatures : null;
    });
  } finally {
    await client.end();
  }
}

function statusOf(url: string): Promise<number | null> {
  return fetch(url).then(
    async (answer) => {
      await answer.body?.cancel();
      return answer.status;
    },
    () => null,
  );
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const began = performance.now();
  const value = await work();
  return { value, milliseconds: performance.now() - began };
}

/** The value below which a share of all lies; 0 per cent is the least, 100 the greatest. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))] ?? Number.NaN;
}

const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(1);
const told = (what: string, found: string): Finding => ({ what, found, kept: true });
const judged = (what: string, found: string, kept: boolean): Finding => ({ what, found, kept });

import type { Resolver } from "node:dns/promises";
import { solveChallenge } from "altcha-lib";
import { deriveKey } from "altcha-lib/algorithms/pbkdf2";
import { beforeEach, describe, expect, test } from "vitest";
import { solver } from "@/app/(public)/_pages/enhancement";
import { POST as signRoute } from "@/app/api/petitions/[slug]/signatures/route";
import { POST as accessRoute } from "@/app/api/signature/access/route";
import { alarmsOf, raiseAlarms } from "@/lib/abuse/alarms";
import { meantProvider, takesMail } from "@/lib/abuse/domains";
import { admit, isPressed, isRush } from "@/lib/abuse/limits";
import {
  addListEntry,
  policyFields,
  policySettings,
  removeListEntry,
  setPolicy,
} from "@/lib/abuse/owner-settings";
import {
  DEFAULT_LIMITS,
  DEFAULT_OPTIONS,
  followPolicies,
  forgetPolicies,
  policyOf,
  type Verdict,
} from "@/lib/abuse/policy";
import type { Challenge } from "@/lib/abuse/proof";
import { newChallenge, readProof } from "@/lib/abuse/proof";
import type { Actor } from "@/lib/audit";
import { database } from "@/lib/db/client";
import { messagesFor } from "@/lib/i18n/messages";
import { mailboxKey } from "@/lib/mailbox";
import { forgetNetworks, NETWORK_KEPT_HOURS, networkKey, networkOf } from "@/lib/network/network";
import { lightFigures } from "@/lib/observability/figures";
import { securityEventTotals } from "@/lib/observability/security-events";
import { perProcess } from "@/lib/per-process";
import { checkSignatureForm, sign } from "@/lib/signing";
import { TRAP_FIELD } from "@/lib/signing/form";
import { useDatabase } from "@/tests/support/application";
import { CAMPAIGN_SLUG } from "@/tests/support/campaign";

useDatabase();

const HOUR_MILLISECONDS = 3_600_000;

function request(email: string) {
  const checked = checkSignatureForm({
    name: "Zarghuna",
    email,
    country: "AF",
    consent: "yes",
    locale: "en",
  });
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return checked.request;
}

/** What a process that starts just now holds: no salt. */
function asNewProcess(): void {
  delete perProcess("abuse/network", (): { networkSalt?: unknown } => ({})).networkSalt;
}

beforeEach(async () => {
  await database().$executeRaw`DELETE FROM signature`;
  await database().$executeRaw`DELETE FROM network_salt`;
  await database().$executeRaw`DELETE FROM network_minute`;
  await database().$executeRaw`DELETE FROM campaign_minute`;
  await database().$executeRaw`DELETE FROM spent_proof`;
  asNewProcess();
});

const post = (fields: Record<string, string>, { accept = "application/json", client = "203.0.113.9" } = {}) =>
  signRoute(
    new Request("http://localhost/", {
      method: "POST",
      headers: { accept, "x-client-address": client },
      body: new URLSearchParams({
        name: "Zarghuna",
        country: "AF",
        consent: "yes",
        locale: "en",
        ...fields,
      }),
    }),
    { params: Promise.resolve({ slug: CAMPAIGN_SLUG }) },
  );

describe("a network's key", () => {
  const noon = new Date("2026-11-24T12:00:00Z");

  test("is shared by all processes that ask at once, and new the next day", async () => {
    const keys = await Promise.all(
      Array.from({ length: 20 }, () => {
        asNewProcess();
        return networkKey("203.0.113.9", noon);
      }),
    );
    expect(new Set(keys.map((key) => key.toString("hex"))).size).toBe(1);
    expect(await database().networkSalt.count()).toBe(1);
    const nextDay = await networkKey("203.0.113.9", new Date("2026-11-25T00:00:00Z"));
    expect(nextDay).not.toEqual(keys[0]);
    expect(await networkKey("203.0.113.200", noon)).toEqual(keys[0]);
    expect(await networkKey("203.0.114.9", noon)).not.toEqual(keys[0]);
  });

  test("stays with the signature until its salt is destroyed, at most 48 hours later, while other days keep theirs", async () => {
    for (const day of ["2026-11-24", "2026-11-25"]) {
      const signedAt = new Date(`${day}T23:59:00Z`);
      const key = await networkKey("203.0.113.9", signedAt);
      await sign(CAMPAIGN_SLUG, request(`signed-${day}@example.org`), key);
      await database().$executeRaw`UPDATE signature SET signed_at = ${signedAt} WHERE network_key = ${key}`;
    }
    const saltEnds = new Date(Date.parse("2026-11-24") + (NETWORK_KEPT_HOURS - 1) * HOUR_MILLISECONDS);
    expect(await forgetNetworks(new Date(saltEnds.getTime() - 1))).toBe(0);
    expect(await forgetNetworks(saltEnds)).toBe(1);
    // Signing makes today's salt, too: mails are counted with it.
    const past = await database().networkSalt.findMany({ where: { day: { lte: new Date("2026-11-25") } } });
    expect(past.map(({ day }) => day)).toEqual([new Date("2026-11-25")]);
    const kept = await database().signature.findMany({ orderBy: { signedAt: "asc" } });
    expect(kept.map((row) => row.networkKey === null)).toEqual([true, false]);
  });

  test("covers a /24 or /56, however the address is written", () => {
    expect(networkOf("203.0.113.77")).toBe("203.0.113.0/24");
    expect(networkOf("::ffff:203.0.113.77")).toBe("203.0.113.0/24");
    expect(networkOf("2001:db8:1:2ab::1")).toBe(networkOf("2001:0DB8:0001:0200:5:6:7:8"));
    expect(networkOf("2001:db8:1:2ab::1")).not.toBe(networkOf("2001:db8:1:3ab::1"));
  });
});

/** Solves what the server asked for, as a program would. */
async function solve(challenge: Challenge): Promise<string> {
  return JSON.stringify({ challenge, solution: await solveChallenge({ challenge, deriveKey }) });
}

describe("the share of a network", () => {
  const now = new Date("2026-11-24T12:00:15Z");
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  const { networkPerMinute, networkPerHour } = DEFAULT_LIMITS;
  const tries = async (network: Buffer<ArrayBuffer>, times: number, at: Date) => {
    const admissions = await Promise.all(Array.from({ length: times }, () => admit({ network }, at)));
    return admissions.filter(({ admitted }) => admitted).length;
  };

  test("allows a burst, then one a minute, up to the hourly limit, however many try at once", async () => {
    const network = await networkKey("203.0.113.9", now);
    expect(await tries(network, 200, now)).toBe(networkPerMinute);
    expect(await admit({ network }, now)).toEqual({ admitted: false, retryAfterSeconds: 45 });
    expect(await tries(await networkKey("198.51.100.9", now), 1, now)).toBe(1);
    let admitted = networkPerMinute;
    for (let minute = 1; minute < 60; minute++) admitted += await tries(network, 20, later(minute));
    expect(admitted).toBe(networkPerHour);
    expect(await tries(network, 200, later(61))).toBeGreaterThan(0);
  });

  test("counts proofs of work separately, so that others still get through", async () => {
    const network = await networkKey("203.0.113.9", now);
    await tries(network, networkPerMinute, now);
    const proof = (index: number) => ({ hash: Buffer.alloc(32, index), expiresAt: later(10) });
    expect(await admit({ network, proof: proof(1) }, now)).toEqual({ admitted: true });
    const again = await Promise.all(
      Array.from({ length: 20 }, () => admit({ network, proof: proof(2) }, now)),
    );
    expect(again.filter(({ admitted }) => admitted)).toHaveLength(1);
    expect((await admit({ network }, now)).admitted).toBe(false);
    expect((await admit({ network }, later(1))).admitted).toBe(true);
  });

  test("drops to one a minute in all processes while the campaign is under pressure", async () => {
    const policy = {
      ...(await policyOf(CAMPAIGN_SLUG)),
      limits: { ...DEFAULT_LIMITS, campaignPerMinute: 60 },
    };
    const attempts = async (at: Date) => Promise.all(Array.from({ length: 61 }, () => isPressed(policy, at)));
    await attempts(later(0));
    expect(await isPressed(policy, new Date(now.getTime() + 1_000))).toBe(true);
    perProcess("abuse/limits", () => new Map()).clear();
    expect(await isPressed(policy, new Date(now.getTime() + 2_000))).toBe(true);
    expect(await isPressed(policy, later(5))).toBe(false);
    const network = await networkKey("203.0.113.9", now);
    expect((await admit({ network, pressed: true }, now)).admitted).toBe(true);
    expect((await admit({ network, pressed: true }, now)).admitted).toBe(false);
  });
});

test("reports a rush while thousands try to sign, and none two minutes later", async () => {
  const [now, later] = [new Date("2026-11-25T12:00:30Z"), new Date("2026-11-25T12:02:30Z")];
  const { id: campaignId } = await database().campaign.findUniqueOrThrow({ where: { slug: CAMPAIGN_SLUG } });
  const tried = (minute: string, attempts: number) =>
    database().campaignMinute.create({ data: { campaignId, minute: new Date(minute), attempts } });
  await tried("2026-11-25T11:58:00Z", 100_000);
  await tried("2026-11-25T11:59:00Z", 2_000);
  expect(await isRush(now)).toBe(false);
  await tried("2026-11-25T12:00:00Z", 1_000);
  expect(await isRush(now)).toBe(true);
  expect(await isRush(later)).toBe(false);
});

describe("a proof of work", () => {
  test("is valid for its campaign and network until it expires", async () => {
    const [network, other] = [await networkKey("203.0.113.9"), await networkKey("198.51.100.9")];
    const proof = await solve(await newChallenge(CAMPAIGN_SLUG, network));
    expect(await readProof(proof, CAMPAIGN_SLUG, network)).not.toBeNull();
    expect(await readProof(proof, CAMPAIGN_SLUG, other)).toBeNull();
    expect(await readProof(proof, "another", network)).toBeNull();
    const old = await solve(await newChallenge(CAMPAIGN_SLUG, network, new Date(Date.now() - 11 * 60_000)));
    expect(await readProof(old, CAMPAIGN_SLUG, network)).toBeNull();
    const { challenge, solution } = JSON.parse(proof);
    for (const changed of [
      { challenge, solution: { ...solution, counter: solution.counter + 1 } },
      { challenge: { ...challenge, parameters: { ...challenge.parameters, keyPrefix: "0" } }, solution },
      {
        challenge: { ...challenge, parameters: { ...challenge.parameters, expiresAt: 4_000_000_000 } },
        solution,
      },
      {},
    ])
      expect(await readProof(JSON.stringify(changed), CAMPAIGN_SLUG, network)).toBeNull();
  });
});

describe("a campaign under pressure", () => {
  const mails = () => database().mail.count();

  test("sends at most 60 mails for 1,000 posts from one address, lets others sign, and accepts proofs of work", async () => {
    let refused: Response | undefined;
    for (let posted = 0; posted < 1_000; posted += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) => post({ email: `bot${posted + index}@example.org` })),
      );
      refused = answers.find(({ status }) => status === 429) ?? refused;
    }
    expect(await mails()).toBeLessThanOrEqual(DEFAULT_LIMITS.networkPerHour);
    expect(
      (await post({ email: "laila@example.org" }, { accept: "text/html", client: "198.51.100.7" })).status,
    ).toBe(303);

    if (!refused) throw new Error("nothing was refused");
    const { error, challenge } = (await refused.json()) as { error: string; challenge: Challenge };
    expect(error).toBe("rate_limited");
    const proof = await solve(challenge);
    const before = await mails();
    const proved = await post({ email: "proved@example.org", proof });
    expect([proved.status, await proved.json()]).toEqual([202, { status: "pending" }]);
    expect(await mails()).toBe(before + 1);
    const spent = () => securityEventTotals().find(({ kind }) => kind === "spent-proof")?.total ?? 0;
    const spentBefore = spent();
    const replayed = await post({ email: "replayed@example.org", proof });
    expect(spent() - spentBefore).toBe(1);
    expect([replayed.status, await replayed.json()]).toEqual([429, { error: "rate_limited" }]);
  });

  test("shows a browser its form as typed, with the work to do and the script for it", async () => {
    await Promise.all(Array.from({ length: 60 }, (_, index) => post({ email: `bot${index}@example.org` })));
    const answer = await post({ email: "laila@example.org" }, { accept: "text/html" });
    expect(answer.status).toBe(429);
    expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    const page = await answer.text();
    expect(page).toContain('value="laila@example.org"');
    expect(page).toContain("data-challenge=");
    expect(page).toContain(`src=${JSON.stringify(solver().path)}`);
    expect(solver().code.length).toBeLessThanOrEqual(2_048);
  });
});

describe("the answer to a signer", () => {
  test("is byte for byte the same for new, pending, confirmed, suppressed and blocked addresses", async () => {
    for (const email of ["pending@example.org", "confirmed@example.org", "suppressed@example.org"])
      await sign(CAMPAIGN_SLUG, request(email));
    await database().$executeRaw`
      UPDATE signature SET state = 'confirmed', confirmed_at = now() WHERE mailbox_key = ${mailboxKey("confirmed@example.org")}`;
    await database().$executeRaw`
      INSERT INTO suppression (mailbox_key, reason) VALUES (${mailboxKey("suppressed@example.org")}, 'bounced')`;
    await database().$executeRaw`
      INSERT INTO abuse_list_entry (id, campaign_id, verdict, mailbox_key)
      SELECT gen_random_uuid(), id, 'block', ${mailboxKey("blocked@example.org")} FROM campaign`;
    forgetPolicies();
    for (const accept of ["application/json", "text/html"]) {
      const answers = await Promise.all(
        ["new", "pending", "confirmed", "suppressed", "blocked"].map(async (kind) => {
          const email = `${kind}@example.org`;
          const asked = new Request("http://localhost/", {
            method: "POST",
            headers: { accept, "x-client-address": "198.51.100.9" },
            body: new URLSearchParams({ email, locale: "en" }),
          });
          return Promise.all(
            [await post({ email }, { accept }), await accessRoute(asked)].map(async (answer) => [
              answer.status,
              [...answer.headers],
              await answer.text(),
            ]),
          );
        }),
      );
      for (const answer of answers) expect(answer).toEqual(answers[0]);
    }
    expect(await database().signature.count()).toBe(4);
    await database().$executeRaw`DELETE FROM abuse_list_entry`;
    forgetPolicies();
  });

  test("is the same for a bot that fills in the trap field, whose signature is held", async () => {
    const [honest, trapped] = [
      await post({ email: "laila@example.org", [TRAP_FIELD]: "" }),
      await post({ email: "machine@example.org", [TRAP_FIELD]: "https://example.com" }),
    ];
    expect([trapped.status, await trapped.text(), [...trapped.headers]]).toEqual([
      honest.status,
      await honest.text(),
      [...honest.headers],
    ]);
    expect(
      (await database().signature.findMany({ orderBy: { held: "asc" } })).map(({ held }) => held),
    ).toEqual([false, true]);
  });

  test("names the provider that was probably meant, and keeps the signature as typed", async () => {
    const page = await post({ email: "laila@gmial.com" }, { accept: "text/html" });
    expect(page.headers.get("location")).toBe(`/en/${CAMPAIGN_SLUG}/thanks?meant=gmail.com`);
    expect(await database().signature.count()).toBe(1);
    for (const [typed, meant] of [
      ["gmail.con", "gmail.com"],
      ["yaho.com", "yahoo.com"],
      ["outllook.com", "outlook.com"],
      ["gmail.com", null],
      ["mail.com", null],
      ["example.org", null],
    ])
      expect(meantProvider(`laila@${typed}`)).toBe(meant);
  });
});

describe("the lists of an owner", () => {
  const owner: Actor = {
    kind: "account",
    id: "00000000-0000-4000-8000-00000000000a",
    label: "owner@example.org",
    role: "owner",
  };
  const list = async (verdict: Verdict, subject: string) =>
    expect(await addListEntry(owner, CAMPAIGN_SLUG, { verdict, subject, note: "" })).toEqual({ ok: true });
  beforeEach(async () => {
    await database().$executeRaw`DELETE FROM abuse_list_entry`;
    await database().$executeRaw`DELETE FROM abuse_policy`;
    forgetPolicies();
  });

  test("hold one entry for a subject, with the last verdict and note, until it is removed", async () => {
    for (const [first, again] of [
      ["laila@example.org", "Laila@EXAMPLE.org"],
      ["example.net", "EXAMPLE.net"],
      ["203.0.113.0/24", "203.0.113.9/24"],
    ] as const) {
      await list("block", first);
      const [before] = (await policySettings(CAMPAIGN_SLUG))?.entries ?? [];
      await addListEntry(owner, CAMPAIGN_SLUG, { verdict: "allow", subject: again, note: "known" });
      const entries = (await policySettings(CAMPAIGN_SLUG))?.entries ?? [];
      expect(entries).toEqual([{ ...before, verdict: "allow", note: "known" }]);
      expect(await removeListEntry(owner, "another-campaign", before?.id ?? "")).toBe(false);
      expect((await policySettings(CAMPAIGN_SLUG))?.total).toBe(1);
      expect(await removeListEntry(owner, CAMPAIGN_SLUG, before?.id ?? "")).toBe(true);
      expect((await policySettings(CAMPAIGN_SLUG))?.total).toBe(0);
    }
  });

  test("give a blocked address the usual answer but store nothing, and let an allowed one skip all limits", async () => {
    await list("block", "Blocked@Example.org");
    await list("allow", "allowed@example.org");
    forgetPolicies();
    const answers = [];
    for (const email of ["laila@example.org", "Blocked@example.org"]) {
      const { status, headers, ...answer } = await post({ email }).then(async (each) => ({
        status: each.status,
        headers: [...each.headers],
        body: await each.text(),
      }));
      answers.push([status, headers, answer.body]);
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(await database().signature.count()).toBe(1);
    await Promise.all(Array.from({ length: 60 }, (_, index) => post({ email: `bot${index}@example.org` })));
    expect((await post({ email: "laila2@example.org" })).status).toBe(429);
    expect((await post({ email: "allowed@example.org" })).status).toBe(202);
    const kept = JSON.stringify([await database().auditEntry.findMany({ select: { detail: true } })]);
    expect(kept).not.toMatch(/blocked@|allowed@/i);
  });

  test("ask for another address for a blocked domain, and for its subdomains where the entry says so", async () => {
    await list("block", "*.bots.example");
    await list("block", "spam.example");
    forgetPolicies();
    for (const [domain, status] of [
      ["spam.example", 422],
      ["a.spam.example", 202],
      ["a.bots.example", 422],
      ["b.a.bots.example", 422],
      ["bots.example", 202],
    ] as const)
      expect([domain, (await post({ email: `laila@${domain}` })).status]).toEqual([domain, status]);
    const { errors } = (await (await post({ email: "laila@spam.example", locale: "ps" })).json()) as {
      errors: object;
    };
    expect(errors).toEqual({ email: [messagesFor("ps").errors["email.refused"]] });
  });

  test("tell a blocked network “too many attempts” without work to do, but let an allowed part of it sign", async () => {
    await list("block", "203.0.113.77/24");
    await list("allow", "203.0.113.8");
    await list("block", "2001:db8:1::/48");
    forgetPolicies();
    const refused = await post({ email: "laila@example.org" });
    expect([refused.status, await refused.json()]).toEqual([429, { error: "rate_limited" }]);
    expect((await post({ email: "laila@example.org" }, { client: "2001:db8:1:2::3" })).status).toBe(429);
    expect((await post({ email: "laila@example.org" }, { client: "203.0.113.8" })).status).toBe(202);
    expect((await policySettings(CAMPAIGN_SLUG))?.entries.map(({ network }) => network)).toContain(
      "203.0.113.0/24",
    );
  });

  test("refuse invalid subjects and limits out of bounds, and change nothing", async () => {
    const wrong = ["", "everyone", "0.0.0.0/0", "203.0.113.0/33", "203.0.113.0/24/1", "a@b", "*.com", "::/0"];
    for (const subject of wrong) {
      const { ok } = await addListEntry(owner, CAMPAIGN_SLUG, { verdict: "block", subject, note: "" });
      expect([subject, ok]).toEqual([subject, false]);
    }
    const was = policyFields({ limits: DEFAULT_LIMITS, options: DEFAULT_OPTIONS });
    const set = (now: Record<string, string>) =>
      setPolicy(owner, CAMPAIGN_SLUG, { was, now: { ...was, refuseDisposable: "yes", ...now } });
    for (const networkPerMinute of ["1", "", "many", "5.5"])
      expect(await set({ networkPerMinute })).toMatchObject({ ok: false, field: "networkPerMinute" });
    expect(await database().abusePolicy.count()).toBe(0);
    expect((await set({ networkPerMinute: "5" })).ok).toBe(true);
    forgetPolicies();
    expect((await policyOf(CAMPAIGN_SLUG)).limits.networkPerMinute).toBe(5);
    expect((await post({ email: "laila@mailinator.com" })).status).toBe(422);
    expect((await post({ email: "laila@example.org" })).status).toBe(202);
  });

  test("lose no change without notice when two owners change the limits at once", async () => {
    const was = policyFields({ limits: DEFAULT_LIMITS, options: DEFAULT_OPTIONS });
    const set = (now: Record<string, string>) =>
      setPolicy(owner, CAMPAIGN_SLUG, { was, now: { ...was, ...now } });
    const [one, other] = await Promise.all([
      set({ networkPerMinute: "10" }),
      set({ campaignPerMinute: "6000", refuseDisposable: "yes" }),
    ]);
    expect([one.ok, other.ok]).toEqual([true, true]);
    forgetPolicies();
    expect((await policyOf(CAMPAIGN_SLUG)).limits).toMatchObject({
      networkPerMinute: 10,
      campaignPerMinute: 6_000,
    });
    expect(await set({ networkPerMinute: "20" })).toEqual({ ok: false, theirs: { networkPerMinute: "10" } });
    expect(await set({ networkPerMinute: "10" })).toEqual({ ok: true });
  });

  test("do not wait for signers, nor make them wait", async () => {
    const was = policyFields({ limits: DEFAULT_LIMITS, options: DEFAULT_OPTIONS });
    await database().$transaction(async (transaction) => {
      // What a signature locks of its campaign.
      await transaction.$executeRaw`SELECT FROM campaign WHERE slug = ${CAMPAIGN_SLUG} FOR KEY SHARE`;
      const now = { ...was, networkPerMinute: "10" };
      expect(await setPolicy(owner, CAMPAIGN_SLUG, { was, now })).toEqual({ ok: true });
    });
  });

  test("reach every process", async () => {
    const stop = new AbortController();
    const following = followPolicies(stop.signal);
    try {
      await policyOf(CAMPAIGN_SLUG);
      await expect
        .poll(async () => {
          await list("block", "spam.example");
          return (await policyOf(CAMPAIGN_SLUG)).block.domains.has("spam.example");
        })
        .toBe(true);
    } finally {
      stop.abort();
      await following;
    }
  });
});

describe("a mail domain", () => {
  const failing = (code: string) => () => Promise.reject(Object.assign(new Error(code), { code }));
  const nothing = {
    resolveMx: failing("ENODATA"),
    resolve4: failing("ENODATA"),
    resolve6: failing("ENODATA"),
  };
  test.each([
    [
      "has an exchange",
      { ...nothing, resolveMx: async () => [{ exchange: "mx.example", priority: 1 }] },
      true,
    ],
    [
      "says that it takes none",
      { ...nothing, resolveMx: async () => [{ exchange: "", priority: 0 }] },
      false,
    ],
    ["has a host alone", { ...nothing, resolve6: async () => ["2001:db8::1"] }, true],
    ["has nothing", nothing, false],
    ["is nowhere", { ...nothing, resolveMx: failing("ENOTFOUND") }, false],
    ["is not answered for in time", { ...nothing, resolveMx: failing("ETIMEOUT") }, true],
  ])("decides whether a signature is accepted if it %s", async (what, resolver, takes) => {
    const domain = `${what.replaceAll(" ", "-")}.example`;
    expect(await takesMail(domain, resolver as unknown as Resolver)).toBe(takes);
    // Asked once: what would fail now is remembered.
    expect(
      await takesMail(domain, { ...nothing, resolveMx: failing("ESERVFAIL") } as unknown as Resolver),
    ).toBe(takes);
  });
});

describe("an abuse alarm", () => {
  test("is raised for the network and domain that many sign from, and not for usual traffic", async () => {
    const signed = async (email: string, client: string) =>
      sign(CAMPAIGN_SLUG, request(email), await networkKey(client));
    for (let index = 0; index < 220; index++) await signed(`a${index}@gmail.com`, `10.${index}.0.1`);
    await database().$executeRaw`UPDATE signature SET signed_at = now() - interval '2 hours'`;
    for (let index = 0; index < 60; index++) await signed(`b${index}@gmail.com`, `10.0.${index}.1`);
    for (let index = 0; index < 60; index++) await signed(`c${index}@bots.example`, "203.0.113.9");
    expect(await raiseAlarms()).toBe(2);
    expect(await raiseAlarms()).toBe(0);
    const alarms = await alarmsOf(CAMPAIGN_SLUG);
    expect(alarms.map(({ kind, domain, signatures }) => [kind, domain, signatures]).sort()).toEqual([
      ["domain", "bots.example", 60],
      ["network", null, 60],
    ]);
    expect((await lightFigures()).alarms).toBe(2);
  });
});

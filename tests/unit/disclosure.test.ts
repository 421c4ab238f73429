import { globSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { audienceOf, discloseDetail, discloseSums, openActions, STEP } from "@/lib/disclosure";
import { mayTell, nextTold, SPREAD, type Told, toldAt } from "@/lib/disclosure/steps";
import { type Role, roleMay } from "@/lib/roles";
import { type CountryFigures, nextCountryFigures } from "@/lib/signing/countries";

const TRUSTED_ONLY = "exact, for exporters and owners alone";
const INSIDE = "decides or deletes, and is told to nobody";
const GATE = "through lib/disclosure";

/** Every file that counts people, and what becomes of the figure. A new one fails until it is declared here. */
const DECLARED: Record<string, typeof TRUSTED_ONLY | typeof INSIDE | typeof GATE> = {
  "lib/signing/count.ts": GATE,
  "lib/signing/countries.ts": GATE,
  "lib/sharing/supporters.ts": GATE,
  "lib/sharing/milestones.ts": GATE,
  "lib/sharing/sums.ts": GATE,
  "lib/desk/figures.ts": GATE,
  "lib/editing/signers.ts": GATE,
  "lib/observability/figures.ts": GATE,
  "lib/observability/metrics.ts": GATE,
  "lib/observability/otlp.ts": GATE,
  "lib/moderation/review-search.ts": INSIDE,
  "lib/sharing/owner-settings.ts": TRUSTED_ONLY,
  "lib/moderation/invalidation.ts": TRUSTED_ONLY,
  "lib/paper/paper.ts": TRUSTED_ONLY,
  "lib/signatories/signatories.ts": TRUSTED_ONLY,
  "lib/export/run.ts": TRUSTED_ONLY,
  "lib/export/snapshot.ts": TRUSTED_ONLY,
  "lib/mail/ambiguous.ts": TRUSTED_ONLY,
  "lib/mail/stop.ts": TRUSTED_ONLY,
  "lib/abuse/alarms.ts": TRUSTED_ONLY,
  "lib/privacy/retention.ts": INSIDE,
  "lib/privacy/rotation.ts": INSIDE,
  "lib/mail/outbox.ts": INSIDE,
  "lib/mail/erased-bodies.ts": INSIDE,
  "lib/signing/sign.ts": INSIDE,
  "lib/mailbox/allowance.ts": INSIDE,
  "lib/signing/confirm.ts": INSIDE,
  "lib/people/name-bucket.ts": INSIDE,
  "lib/generator/index.ts": INSIDE,
};

/** What a file that counts people has in it: a table of counts, or a count of rows about people. */
const COUNTS_PEOPLE = [
  /\b(?:confirmed_count|signature_hour|signature_change|published_count|published_hour|country_figures|told_figure|network_tally|share_visit|share_sum)\b/,
  /\b(?:count|sum)\((?:\*|DISTINCT|\w+\.id\b)/,
  /\b(?:signature|mail|suppression|token|shareVisit|signatureInvalidation|confirmedCount|signatureHour|signatureChange)\.(?:count|aggregate|groupBy)\(/,
  /petition_signatures|gauge\("(?:signatures|mails|suppressed)/,
  /petition\.mails|COUNTING_FACTS/,
  /\bpublished(?:Count|Changes|At)Of\(|\bsnapshot\.count\(/,
];
/** The functions that hand out what passed the gate, and every file that puts some of it into an answer or a file. */
const HANDED_OUT =
  /\b(campaignFigures|countByCountry|supporters|shownNames|milestonesOf|passedGoal|confirmedByDay|deskFor|overviewFor|signersByVersion|shareSums|metricsText)\(/g;
const OUTLETS: Record<string, string[]> = {
  "app/(public)/[locale]/route.tsx": ["campaignFigures"],
  "app/(public)/[locale]/[campaign]/route.tsx": ["campaignFigures", "passedGoal"],
  "app/(public)/[locale]/[campaign]/updates.atom/route.ts": ["campaignFigures"],
  "app/(public)/_pages/preview.tsx": ["campaignFigures", "passedGoal"],
  "app/(public)/_pages/thanks.tsx": ["campaignFigures", "supporters"],
  "app/admin/page.tsx": ["campaignFigures"],
  "app/admin/[campaign]/page.tsx": ["overviewFor"],
  "app/admin/[campaign]/settings/page.tsx": ["campaignFigures", "milestonesOf"],
  "app/admin/[campaign]/sharing/page.tsx": ["shareSums"],
  "app/admin/[campaign]/versions/page.tsx": ["signersByVersion"],
  "app/api/admin/petitions/[slug]/figures/route.ts": ["overviewFor"],
  "app/api/admin/petitions/[slug]/sharing/route.ts": ["shareSums"],
  "app/api/metrics/route.ts": ["metricsText"],
  "app/api/oembed/route.ts": ["campaignFigures"],
  "app/api/petitions/route.ts": ["campaignFigures"],
  "app/api/petitions/[slug]/badge.svg/route.ts": ["campaignFigures"],
  "app/api/petitions/[slug]/countries/route.ts": ["countByCountry"],
  "app/api/petitions/[slug]/route.ts": ["campaignFigures"],
  "app/api/petitions/[slug]/signatures/answer.tsx": ["campaignFigures"],
  "app/(public)/embed/[slug]/route.tsx": ["campaignFigures"],
  "lib/desk/figures.ts": ["campaignFigures", "countByCountry"],
  "lib/desk/overview.ts": ["campaignFigures", "deskFor"],
  "lib/privacy/packet.ts": ["campaignFigures", "confirmedByDay", "countByCountry", "shownNames"],
  "lib/drawing/cache.ts": ["campaignFigures"],
};
/** Tables that a count of says nothing of people who sign. */
const OTHER_COUNTS = ["lib/mail/sending.ts", "lib/observability/spans.ts"];

const sources = globSync("{app,lib,components,scripts}/**/*.{ts,tsx}").filter(
  (file) => !file.startsWith("lib/db/generated/") && !file.startsWith("lib/disclosure/"),
);

describe("every figure about people", () => {
  const counting = sources.filter((file) => {
    const source = readFileSync(file, "utf8");
    return COUNTS_PEOPLE.some((pattern) => pattern.test(source)) && !OTHER_COUNTS.includes(file);
  });

  test("is counted where it is declared, and nowhere else", () => {
    expect(counting.toSorted()).toEqual(Object.keys(DECLARED).toSorted());
  });

  test.each(Object.keys(DECLARED).filter((file) => DECLARED[file] === GATE))(
    "leaves %s through lib/disclosure",
    (file) => {
      expect(readFileSync(file, "utf8").includes('from "@/lib/disclosure"')).toBe(true);
    },
  );

  test("is put into the answers and files that are declared, and into no others", () => {
    const found = sources.flatMap((file) => {
      const lines = readFileSync(file, "utf8").split("\n");
      const calls = lines.filter((line) => !/^(?:export )?(?:async )?function /.test(line)).join("\n");
      const called = new Set([...calls.matchAll(HANDED_OUT)].map(([, name]) => name));
      return called.size > 0 ? [[file, [...called].sort()] as const] : [];
    });
    expect(Object.fromEntries(found)).toEqual(OUTLETS);
  });

  test("that is exact is asked for by the desk alone", () => {
    const functions = Object.keys(DECLARED)
      .filter((file) => DECLARED[file] === TRUSTED_ONLY)
      .flatMap((file) => [...readFileSync(file, "utf8").matchAll(/^export (?:async )?function (\w+)/gm)])
      .map(([, name = ""]) => new RegExp(`\\b${name}\\(`));
    const asking = sources.filter((file) => {
      const source = readFileSync(file, "utf8");
      return file.startsWith("app/") && functions.some((called) => called.test(source));
    });
    expect(asking).not.toEqual([]);
    expect(asking.filter((file) => !/^app\/(?:api\/admin|admin|_admin)\//.test(file))).toEqual([]);
  });
});

/** The first draw is the one given, as if it had been drawn by chance. */
const drawing = (first: number) => () => first;

describe("a secret step", () => {
  test("is taken at ten people from ten networks at the earliest", () => {
    fc.assert(
      fc.property(fc.nat(SPREAD - 1), fc.nat(200), fc.nat(200), (draw, count, networks) => {
        const { told } = nextTold(toldAt(0, drawing(draw)), { count, networks }, drawing(draw));
        expect(told % STEP).toBe(0);
        expect(told).toBeLessThanOrEqual(count);
        if (count < STEP || networks < STEP) expect(told).toBe(0);
        if (count >= STEP + SPREAD && networks >= STEP + SPREAD) expect(told).toBeGreaterThanOrEqual(STEP);
      }),
    );
  });

  test("changes nothing by itself: the same people are told alike, however often one looks", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(120), { minLength: 1, maxLength: 8 }), (counts) => {
        let told = toldAt(0);
        for (const count of counts) {
          told = nextTold(told, { count, networks: count });
          expect(nextTold(told, { count, networks: count })).toBe(told);
        }
      }),
    );
  });

  test("is taken back at the latest when nobody is left", () => {
    for (let draw = 0; draw < SPREAD; draw++) {
      const shown = toldAt(40, (below) => Math.min(draw, below - 1));
      expect(nextTold(shown, { count: 0, networks: 50 }).told).toBe(0);
    }
  });

  test("shows who supplies all but one of them that there is one more in one case of forty", () => {
    // Mailbox by mailbox, until the figure appears: at which it does, is all that is to be seen.
    const appearsAt = (draw: number, others: number) => {
      const told = toldAt(0, drawing(draw));
      for (let own = 0; ; own++) {
        const count = own + others;
        if (mayTell({ count, networks: count }, told.riseAt)) return own;
      }
    };
    const draws = Array.from({ length: SPREAD }, (_, draw) => draw);
    const alone = new Set(draws.map((draw) => appearsAt(draw, 0)));
    const telling = draws.filter((draw) => !alone.has(appearsAt(draw, 1)));
    expect(telling).toHaveLength(1);
  });
});

/** One round of an attacker: how many of the mailboxes are in the country now, and how many signatures come from elsewhere. */
type Round = { own: number; padding: number };
type Attack = { rounds: Round[]; networks: number; victimAt: number };

/** All that the attacker sees of countries when a victim signs there, or in a country of which nothing is told. */
function view({ rounds, networks, victimAt }: Attack, victimThere: boolean, draw: number): string {
  let told: Told = toldAt(0, drawing(draw));
  let figures: CountryFigures = { shown: {}, gained: 0, removed: 0 };
  let [own, gained, removed, seen] = [0, 0, 0, 0];
  return JSON.stringify(
    rounds.map((round, place) => {
      gained += Math.max(0, round.own - own) + round.padding + (place === victimAt ? 1 : 0);
      removed += Math.max(0, own - round.own);
      own = round.own;
      seen = Math.max(seen, Math.min(own, networks));
      const there = victimThere && place >= victimAt ? 1 : 0;
      told = nextTold(told, { count: own + there, networks: seen + there }, drawing(draw));
      figures = nextCountryFigures(figures, { steps: { XX: told.told }, gained, removed });
      return figures.shown;
    }),
  );
}

const attacks = (networks: number) =>
  fc
    .record({
      rounds: fc.array(fc.record({ own: fc.nat(9), padding: fc.constantFrom(0, 3, 12, 40) }), {
        minLength: 2,
        maxLength: 10,
      }),
      victimAt: fc.nat(9),
    })
    .map(({ rounds, victimAt }) => ({ rounds, networks, victimAt: Math.min(victimAt, rounds.length - 1) }));

describe("an attacker with nine mailboxes, who adds and withdraws them and pads elsewhere", () => {
  const draws = Array.from({ length: SPREAD }, (_, draw) => draw);
  const telling = (attack: Attack) =>
    draws.filter((draw) => view(attack, true, draw) !== view(attack, false, draw)).length;

  test("learns of the tenth, real signer in one case of forty at the most, in 10,000 attacks from nine networks", () => {
    fc.assert(
      fc.property(attacks(9), (attack) => {
        expect(telling(attack)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);

  test("never learns of the tenth from fewer networks", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }).chain(attacks), (attack) => {
        expect(telling(attack)).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);

  test("would learn of it each time if a country appeared at ten", () => {
    const attack = {
      rounds: [
        { own: 9, padding: 40 },
        { own: 9, padding: 40 },
      ],
      networks: 9,
      victimAt: 1,
    };
    expect(view(attack, true, 0)).not.toBe(view(attack, false, 0));
  });
});

describe("sums", () => {
  beforeAll(() => {
    process.env.TOKEN_SECRET = "a secret of these tests alone, which is long enough";
  });
  const sum = (people: number, networks: number) => ({
    key: "whatsapp",
    figures: { confirmed: people },
    networks,
  });

  test("are exact for those who may open signatories, and in tens for all others", () => {
    expect(discloseSums([sum(3, 1)], "trusted")).toEqual([sum(3, 1)]);
    for (const audience of ["public", "viewer", "token", "metrics"] as const) {
      expect(discloseSums([sum(9, 9), sum(500, 9)], audience)).toEqual([]);
      const [told] = discloseSums([sum(234, 200)], audience);
      expect((told?.figures.confirmed ?? 0) % STEP).toBe(0);
      expect(told?.figures.confirmed).toBeGreaterThan(234 - STEP - SPREAD);
      expect(told?.figures.confirmed).toBeLessThanOrEqual(234);
    }
  });

  test("never fall when people come", () => {
    let before = 0;
    for (let people = 0; people < 300; people++) {
      const now = discloseSums([sum(people, people)], "viewer")[0]?.figures.confirmed ?? 0;
      expect(now).toBeGreaterThanOrEqual(before);
      before = now;
    }
  });
});

test("only who may open signatories is trusted with exact figures", () => {
  const by = (kind: "account" | "token", role: Role) =>
    audienceOf({ actor: { kind }, may: (permission) => roleMay(role, permission) });
  for (const role of ["member", "viewer", "translator", "reviewer", "editor"] as const)
    expect(by("account", role), role).toBe("viewer");
  expect(by("token", "viewer")).toBe("token");
  expect(by("token", "exporter")).toBe("trusted");
  for (const role of ["exporter", "owner"] as const) expect(by("account", role), role).toBe("trusted");
});

test("an entry of the audit log tells a viewer what was done, and not to how many", () => {
  const detail = JSON.stringify({
    slug: "petition",
    rows: 7,
    filter: { country: "IS" },
    ids: ["a"],
    names: true,
  });
  expect(discloseDetail(detail, "viewer")).toBe('{"slug":"petition","names":true}');
  expect(discloseDetail(detail, "trusted")).toBe(detail);
});

test("viewers read of the audit log only what is listed for them, so that a new action is kept from them", () => {
  const open = openActions("viewer") ?? [];
  const seen = (action: string) => open.some((start) => action.startsWith(start));
  const about = ["signatory.view", "suppression.lift", "review.genuine", "paper.draft", "invalidation.undo"];
  expect([...about, "bulk.invalid", "something.new"].filter(seen)).toEqual([]);
  expect(["account.add", "export.started", "limits.set", "audit.check"].every(seen)).toBe(true);
  expect(openActions("trusted")).toBeNull();
});

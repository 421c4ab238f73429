import fc from "fast-check";
import { expect, test } from "vitest";
import { STEP } from "@/lib/disclosure";
import { type CountryFigures, type CountrySteps, nextCountryFigures } from "@/lib/signing/countries";

const NOTHING: CountryFigures = { shown: {}, gained: 0, removed: 0 };
/** A country that nobody in a history signs from. */
const ELSEWHERE = "ZZ";
const EVERYWHERE = ["AF", "PK", "DE", ELSEWHERE];

/** One signature more or less from a country; the total tells the sign of each as it happens, and never the country. */
type Change = { country: string; sign: 1 | -1 };
/** Changes between one renewal of the figures and the next. */
type History = readonly (readonly Change[])[];

/** What may be told of countries when no step is put off: the weakest case for whoever is to be hidden. */
function tensOf(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).map(([country, count]) => [country, count - (count % STEP)]),
  );
}

/** What everybody sees after each renewal; null for a history that cannot be, taking back what was never given. */
function seen(history: History, next: typeof nextCountryFigures): string | null {
  let figures = NOTHING;
  const counts: Record<string, number> = {};
  let gained = 0;
  let removed = 0;
  const views: unknown[] = [];
  for (const changes of history) {
    for (const { country, sign } of changes) {
      counts[country] = (counts[country] ?? 0) + sign;
      if (counts[country] < 0) return null;
      if (sign > 0) gained++;
      else removed++;
    }
    figures = next(figures, { steps: tensOf(counts), gained, removed });
    views.push(Object.entries(figures.shown).sort());
  }
  return JSON.stringify(views);
}

/**
 * Whether the same could be seen though one change, and two more at the most, were of other countries: then nobody can tell
 * where it was from.
 */
function isHidden(history: History, at: Place, next = nextCountryFigures): boolean {
  const view = seen(history, next);
  const could = (...instead: readonly (Place & { country: string })[]) =>
    seen(
      history.map((changes, renewal) =>
        changes.map((change, place) => {
          const other = instead.find((swap) => swap.renewal === renewal && swap.place === place);
          return other ? { ...change, country: other.country } : change;
        }),
      ),
      next,
    ) === view;
  // Of what else could have been, that of about the same time is the likeliest.
  const near = placesOf(history).sort(
    (one, other) => Math.abs(one.renewal - at.renewal) - Math.abs(other.renewal - at.renewal),
  );
  const elsewhere = (place: Place) =>
    EVERYWHERE.filter((country) => country !== countryAt(history, place)).map((country) => ({
      ...place,
      country,
    }));
  const withMore = (more: number, instead: readonly (Place & { country: string })[]): boolean =>
    more === 0
      ? could(...instead)
      : near.some((place) => elsewhere(place).some((swap) => withMore(more - 1, [swap, ...instead])));
  return [0, 1, 2].some((more) => elsewhere(at).some((swap) => withMore(more, [swap])));
}

type Place = { renewal: number; place: number };

function placesOf(history: History): Place[] {
  return history.flatMap((changes, renewal) => changes.map((_, place) => ({ renewal, place })));
}

function countryAt(history: History, { renewal, place }: Place): string {
  return history[renewal]?.[place]?.country ?? ELSEWHERE;
}

const countries = fc.constantFrom("AF", "AF", "AF", "PK", "PK", "DE");
const history = fc
  .array(
    fc.oneof(
      // A few people, a crowd from one country, a crowd from anywhere; and people who take theirs back.
      fc.array(fc.record({ country: countries, sign: fc.constant(1 as const) }), { maxLength: 3 }),
      fc
        .tuple(countries, fc.integer({ min: 8, max: 24 }))
        .map(([country, length]) => Array.from({ length }, () => ({ country, sign: 1 as const }))),
      fc.array(fc.record({ country: countries, sign: fc.constant(1 as const) }), {
        minLength: 8,
        maxLength: 24,
      }),
      fc
        .tuple(countries, fc.integer({ min: 1, max: 14 }))
        .map(([country, length]) => Array.from({ length }, () => ({ country, sign: -1 as const }))),
    ),
    { minLength: 1, maxLength: 7 },
  )
  .filter((changes) => seen(changes, nextCountryFigures) !== null && changes.some((each) => each.length > 0));

test("whoever watches total and figures over time cannot tell one signature's country, in 10,000 histories", () => {
  fc.assert(
    fc.property(history, fc.nat(), (changes, chosen) => {
      const places = placesOf(changes);
      const at = places[chosen % places.length];
      if (at) expect(isHidden(changes, at)).toBe(true);
    }),
    { numRuns: 10_000 },
  );
}, 120_000);

test("and could, if every figure followed at once, rounded though it is", () => {
  const atOnce = (_: CountryFigures, { steps, gained, removed }: CountrySteps): CountryFigures => ({
    shown: steps,
    gained,
    removed,
  });
  const confirmed = (country: string, times: number): Change[] =>
    Array.from({ length: times }, () => ({ country, sign: 1 }));
  const told = [[...confirmed("AF", 19), ...confirmed("PK", 11)], confirmed("AF", 1)];
  expect(isHidden(told, { renewal: 1, place: 0 }, atOnce)).toBe(false);
  expect(isHidden(told, { renewal: 1, place: 0 })).toBe(true);
});

test("figures are tens, never more than there are unless some were taken back, and catch up to below the total", () => {
  let figures = NOTHING;
  const counts = { AF: 0, PK: 0 };
  for (let gained = 11; gained <= 1_100; gained += 11) {
    counts.AF += 10;
    counts.PK += 1;
    figures = nextCountryFigures(figures, { steps: tensOf(counts), gained, removed: 0 });
    for (const [country, figure] of Object.entries(figures.shown)) {
      expect(figure % 10).toBe(0);
      expect(figure).toBeLessThanOrEqual(counts[country as keyof typeof counts]);
    }
  }
  expect(figures.shown).toEqual({ AF: 1_000, PK: 90 });
  const fewer = nextCountryFigures(figures, { steps: { AF: 500, PK: 100 }, gained: 1_100, removed: 500 });
  expect(fewer.shown).toEqual({ AF: 510, PK: 80 });
});

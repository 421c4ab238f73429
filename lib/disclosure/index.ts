/** Who a figure about people is for. `trusted` may open single signatories anyway; all others must not tell one from it. */
export type Audience = "public" | "viewer" | "token" | "metrics" | "trusted";

/** A sum over people that belong together: a channel, a language, a country. */
export type PeopleSum = {
  key: string;
  /** How many people, by what they did. */
  figures: Readonly<Record<string, number>>;
  /** From how many different networks they came, as far as that is known. */
  networks: number;
};

/** Below this many people, or networks, a sum is not told to those who must not know single people. */
export const FEWEST_PEOPLE = 10;

/**
 * Decides which sums over people may leave the process, and how exact. The only way out for a figure about few people.
 * @returns the sums that may be told, rounded down for all but `trusted`; what is held back is absent.
 */
export function discloseSums<Sum extends PeopleSum>(sums: readonly Sum[], audience: Audience): Sum[] {
  if (audience === "trusted") return [...sums];
  return sums.flatMap((sum) => {
    if (sum.networks < FEWEST_PEOPLE) return [];
    const figures = Object.fromEntries(
      Object.entries(sum.figures).map(([name, people]) => [name, people - (people % FEWEST_PEOPLE)]),
    );
    return Object.values(figures).some((people) => people > 0) ? [{ ...sum, figures }] : [];
  });
}

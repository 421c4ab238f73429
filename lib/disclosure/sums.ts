import { keyedHash } from "@/lib/db/keyed-hash";
import type { Audience } from "./audience";
import { MANY_NETWORKS, mayTell, type People, SPREAD, STEP } from "./steps";

/** A sum over people with something in common: a channel, a language, a country. */
export type PeopleSum = {
  key: string;
  /** Numbers of people, by what they did. */
  figures: Readonly<Record<string, number>>;
  /** How many different networks they came from, as far as known. */
  networks: number;
};

/**
 * Decides which sums over people may leave the process, and how exact. Thresholds come from a keyed hash:
 * secret, one per sum, figure and step, and the same in every process.
 * @returns the sums that may be disclosed, in tens unless the audience is `trusted`.
 *   Sums held back are absent.
 */
export function discloseSums<Sum extends PeopleSum>(sums: readonly Sum[], audience: Audience): Sum[] {
  if (audience === "trusted") return [...sums];
  return sums.flatMap((sum) => {
    const figures = Object.fromEntries(
      Object.entries(sum.figures).map(([name, count]) => [
        name,
        toldOf({ count, networks: sum.networks }, `${sum.key} ${name}`),
      ]),
    );
    return Object.values(figures).some((people) => people > 0) ? [{ ...sum, figures }] : [];
  });
}

/**
 * Returns the highest step whose threshold is met; 0 if there is none. Looks at most SPREAD below what
 * people and networks allow.
 */
function toldOf(people: People, sum: string): number {
  const most = people.networks < MANY_NETWORKS ? Math.min(people.count, people.networks) : people.count;
  const highest = most - (most % STEP);
  for (let step = highest; step > 0 && step >= highest - SPREAD; step -= STEP)
    if (mayTell(people, step + (keyedHash("told-sum", `${sum} ${step}`).readUInt32BE() % SPREAD)))
      return step;
  return 0;
}

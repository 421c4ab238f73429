export { type Audience, audienceOf } from "./audience";
export { discloseDetail } from "./detail";
export { openActions } from "./log";
export { discloseGauge, HeldBack, publicTime } from "./process";
export {
  FEWEST_CHANGES,
  publishCounts,
  publishedAtOf,
  publishedChanges,
  publishedChangesOf,
  publishedCountOf,
} from "./published";
export {
  AT_ONCE,
  type Draw,
  MANY_NETWORKS,
  mayTell,
  NETWORKS_LOOKED_AT,
  nextTold,
  type People,
  SPREAD,
  STEP,
  type Told,
  toldAt,
} from "./steps";
export { discloseSums, FEWEST_PEOPLE, type PeopleSum } from "./sums";
export { type Figures, tellInSteps } from "./told";

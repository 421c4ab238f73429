export { type Audience, audienceOf } from "./audience";
export { discloseDetail } from "./detail";
export { openActions } from "./log";
export { discloseGauge, HeldBack, publicTime } from "./process";
export {
  publishCounts,
  publishedAtOf,
  publishedChanges,
  publishedChangesOf,
  publishedCountOf,
} from "./published";
export { MANY_NETWORKS, NETWORKS_LOOKED_AT, type People, STEP } from "./steps";
export { discloseSums } from "./sums";
export { type Figures, tellInSteps } from "./told";

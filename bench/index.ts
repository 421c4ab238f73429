import { edge } from "./edge";
import { enumeration } from "./enumeration";
import { exportMeasure } from "./export";
import { growth } from "./growth";
import { overload } from "./overload";
import { pageMeasure } from "./page";
import { peer } from "./peer";
import { rotation } from "./rotation";
import { signing } from "./signing";
import { soak, surge } from "./surge";
import type { Measure } from "./types";

/**
 * All measures of `npm run bench`, in the order they run. Growth starts with few signatures, so it comes
 * early.
 */
export const MEASURES: readonly Measure[] = [
  pageMeasure,
  growth,
  edge,
  signing,
  peer,
  enumeration,
  surge,
  overload,
  soak,
  exportMeasure,
  rotation,
];

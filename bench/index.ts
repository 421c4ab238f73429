import { edge } from "./edge";
import { exportMeasure } from "./export";
import { pageMeasure } from "./page";
import { signing } from "./signing";
import type { Measure } from "./types";

/** Every measure of `npm run bench`, in the order they run. */
export const MEASURES: readonly Measure[] = [pageMeasure, edge, signing, exportMeasure];

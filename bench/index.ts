import { exportMeasure } from "./export";
import { pageMeasure } from "./page";
import type { Measure } from "./types";

/** Every measure of `npm run bench`, in the order they run. */
export const MEASURES: readonly Measure[] = [pageMeasure, exportMeasure];

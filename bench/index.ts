import { edge } from "./edge";
import { signing } from "./signing";
import { sizes } from "./sizes";
import type { Measure } from "./types";

/** Every measure of `npm run bench`, in the order they run. */
export const MEASURES: readonly Measure[] = [sizes, edge, signing];

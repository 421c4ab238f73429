import { differenceOf } from "@/lib/editing";
import type { Translation } from "@/lib/translations";
import { partLabel, sectionOf } from "@/lib/writing";
import type { ShownPart } from "./shown-part";

/** Returns a translation's parts as pages show them. */
export function shownParts({ parts, originalLocale }: Translation): ShownPart[] {
  return parts.map((part) => ({
    ...part,
    label: partLabel(part.key),
    section: sectionOf(part.key),
    difference:
      part.state === "outdated" && part.madeFrom !== null
        ? differenceOf(part.madeFrom, part.original, originalLocale)
        : null,
  }));
}

import type { RefusedPart } from "@/lib/translations";
import { partLabel } from "@/lib/writing";

/** Says why a part was not saved, and how to go on. */
export function whyRefused(refused: RefusedPart): string {
  return `${partLabel(refused.key)}: ${reasonOf(refused)}`;
}

function reasonOf(refused: RefusedPart): string {
  switch (refused.why) {
    case "gone":
      return "this is a translation of a part that is gone.";
    case "empty":
      return "it cannot be empty. Write the translation, or leave the field as it was.";
    case "unfit":
      return "this field takes one paragraph, without a heading, a list or an empty line in it.";
    case "original-changed":
      return "the original is another one by now. Compare the translation with it, and save again.";
    case "changed":
      return `somebody else has changed this to ${refused.theirs === "" ? "nothing" : `“${refused.theirs}”`} since you opened the page. Save again to use what you typed instead.`;
    case "marks":
      return [
        ...(refused.lost.length > 0
          ? [`the translation lacks ${listed(refused.lost)}. Put it where it belongs.`]
          : []),
        ...(refused.invented.length > 0
          ? [`the original does not have ${listed(refused.invented)}. Take it out.`]
          : []),
      ].join(" And ");
  }
}

const listed = (names: readonly string[]) => names.join(" and ");

/** Prefixes used only by our own variables: any other name with one of them was meant for us. */
const OUR_PREFIXES = ["DATABASE_", "RESEND_", "BACKUP_MAX_"];
/** Our names that other files read, and names with a meaning to other programs. */
const KNOWN = ["DATA_FOLDER", "HOSTNAME", "HOSTTYPE"];
/** Up to this many wrong, missing, extra or swapped letters count as a misspelling; in short names, one. */
const TYPING_ERRORS = 2;
const SHORT_NAME_CHARACTERS = 8;

/**
 * Finds variables whose names nearly match one of ours, as `SITE_ULR` does `SITE_URL`, each with its closest
 * match.
 * @param given the names in the environment.
 * @param ours our variable names.
 */
export function misspelt(
  given: readonly string[],
  ours: readonly string[],
): { name: string; ours: string }[] {
  const known = new Set([...ours, ...KNOWN]);
  return given
    .filter((name) => !known.has(name))
    .flatMap((name) => {
      const [nearest] = ours
        .map((own) => ({ own, errors: typingErrors(name.toUpperCase(), own) }))
        .sort((one, other) => one.errors - other.errors);
      if (nearest === undefined) return [];
      const allowed = nearest.own.length <= SHORT_NAME_CHARACTERS ? 1 : TYPING_ERRORS;
      const isOurs = nearest.errors <= allowed || OUR_PREFIXES.some((prefix) => name.startsWith(prefix));
      return isOurs ? [{ name, ours: nearest.own }] : [];
    });
}

/**
 * Returns the edit distance of two texts: letters changed, added, left out or swapped with the next (optimal
 * string alignment).
 */
function typingErrors(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row++) {
    const now = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      const swapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      now.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (now[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [beforeLast, last] = [last, now];
  }
  return last[other.length] ?? 0;
}

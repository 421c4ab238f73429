/** The longest first name that is shown, in characters. */
const FIRST_NAME_MAX_CHARACTERS = 30;

/** Letters with their marks as one each (UAX #29); made once, since making it costs more than a name does. */
const letterSegmenter = new Intl.Segmenter();

/** What the public sees of a name: its first word, or the first letter of it. Whoever wrote only one word has shown just that. */
export function shownName(name: string, initial: boolean): string {
  const [first = ""] = name.split(" ");
  const letters = Array.from(letterSegmenter.segment(first), ({ segment }) => segment);
  return initial ? `${letters[0] ?? ""}.` : letters.slice(0, FIRST_NAME_MAX_CHARACTERS).join("");
}

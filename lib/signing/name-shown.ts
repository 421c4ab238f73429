/** The longest first name that is shown, in characters. */
const FIRST_NAME_MAX_CHARACTERS = 30;

/** What the public sees of a name: its first word, or the first letter of it. Whoever wrote only one word has shown just that. */
export function shownName(name: string, initial: boolean): string {
  const [first = ""] = name.split(" ");
  // A letter with its marks is one (UAX #29).
  const letters = [...new Intl.Segmenter().segment(first)].map(({ segment }) => segment);
  return initial ? `${letters[0] ?? ""}.` : letters.slice(0, FIRST_NAME_MAX_CHARACTERS).join("");
}

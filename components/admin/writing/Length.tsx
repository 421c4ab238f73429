/** How long a document is. */
export function Length({ words, minutes }: { words: number; minutes: number }) {
  return (
    <p className="hint">
      {words.toLocaleString("en")} words, about {minutes} {minutes === 1 ? "minute" : "minutes"} to read.
    </p>
  );
}

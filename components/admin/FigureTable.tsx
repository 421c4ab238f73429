type FigureTableProps = {
  label: string;
  words: string[];
  figures: string[];
  /** `words` has as many items as the head; `href` links the row's name to details. */
  rows: { words: string[]; figures: string[]; href?: string }[];
};

/** A table with text columns on the left, the first naming the row, and figures on the right. */
export function FigureTable({ label, words, figures, rows }: FigureTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard.
    <section className="scroll" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {words.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {figures.map((name) => (
              <th key={name} scope="col" className="n">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.words[0]}>
              <th scope="row">
                {row.href === undefined ? row.words[0] : <a href={row.href}>{row.words[0]}</a>}
              </th>
              {row.words.slice(1).map((word) => (
                <td key={word}>{word}</td>
              ))}
              {row.figures.map((figure, index) => (
                <td key={figures[index]} className="n">
                  {figure}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

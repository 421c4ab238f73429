"use client";

import type { Problem } from "./conflict";

type ProblemListProps = {
  /** The text that the lines are counted in. */
  text: string;
  problems: readonly Problem[];
  lang: string;
  dir: "ltr" | "rtl";
  /** A line that the reader was led to. */
  line?: number | null;
  /** Moves the cursor to a line; without JavaScript the link leads to the line's words below. */
  onLine?: (line: number) => void;
};

/** What is wrong with the open file, by line. */
export function ProblemList({ text, problems, lang, dir, line: wanted = null, onLine }: ProblemListProps) {
  const lines = text.split("\n");
  const numbers = [...new Set([...(wanted === null ? [] : [wanted]), ...problems.map(({ line }) => line)])];
  return (
    <>
      {problems.length === 0 ? (
        <p className="hint">No problems in this file. It can be published as it is.</p>
      ) : (
        <ul>
          {problems.map(({ line, message }) => (
            <li key={`${line} ${message}`}>
              <a
                href={`#line-${line}`}
                onClick={(event) => {
                  if (!onLine) return;
                  event.preventDefault();
                  onLine(line);
                }}
              >
                Line {line}
              </a>
              : {message}.
            </li>
          ))}
        </ul>
      )}
      <details open hidden={numbers.length === 0}>
        <summary>{numbers.length === 1 ? "This line" : "These lines"}</summary>
        <dl className="problem-lines">
          {numbers.map((line) => (
            <div key={line} id={`line-${line}`}>
              <dt>Line {line}</dt>
              <dd lang={lang} dir={dir}>
                {lines[line - 1]?.trim() || "(empty)"}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

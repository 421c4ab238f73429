import Link from "next/link";
import type { ReactNode } from "react";

/** A file to choose, with how many problems it has. */
export type ListedFile = { path: string; name: string; lang?: string; problems: number };

type WritingProps = {
  /** Address of the page, and of the file that is open. */
  base: string;
  files: readonly ListedFile[];
  open: string;
  view: "parts" | "text";
  /** What the two views of this file are called; null if it has one only. */
  views: { parts: string; text: string } | null;
  /** What saving does to a draft that somebody else has to deal with next; null if nothing. */
  notice: string | null;
  children: ReactNode;
};

/** The editor of a campaign's files: chooses the file and how it is shown. */
export function Writing({ base, files, open, view, views, notice, children }: WritingProps) {
  return (
    <>
      <h1>Text</h1>
      <p>
        What you write here is a draft. It is seen by people who can open the desk, and by others once it is
        published.
      </p>
      {notice === null ? null : <p className="alert">{notice}</p>}
      <nav aria-label="Files">
        <ul>
          {files.map(({ path, name, lang, problems }) => (
            <li key={path}>
              <Link
                href={`${base}?file=${path}`}
                prefetch={false}
                lang={lang}
                aria-current={path === open ? "true" : undefined}
              >
                {name}
              </Link>
              {problems === 0 ? null : (
                <span className="hint">
                  {" "}
                  ({problems} {problems === 1 ? "problem" : "problems"})
                </span>
              )}
            </li>
          ))}
        </ul>
      </nav>
      {views === null ? null : (
        <nav aria-label="View">
          <ul>
            {(["parts", "text"] as const).map((each) => (
              <li key={each}>
                <Link
                  href={`${base}?file=${open}&as=${each}`}
                  prefetch={false}
                  aria-current={each === view ? "true" : undefined}
                >
                  {views[each]}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {children}
    </>
  );
}

type MarksProps = { sources: readonly { mark: string; label: string }[]; address: string };

/** The sources with the marks that lead to them, to copy. */
export function Marks({ sources, address }: MarksProps) {
  return (
    <details>
      <summary>Sources and their marks</summary>
      <p>
        Put a mark behind the statement that rests on the source. <a href={address}>Add or change sources</a>.
      </p>
      <ul>
        {sources.map(({ mark, label }) => (
          <li key={mark}>
            <code>{mark}</code> <bdi>{label}</bdi>
          </li>
        ))}
      </ul>
    </details>
  );
}

type WeightProps = { weight: { brotli: number; gzip: number; formAtOnce: boolean } | null; limit: number };

/** What the page weighs as readers load it. */
export function Weight({ weight, limit }: WeightProps) {
  if (weight === null)
    return <p className="hint">The weight of the page is shown once the draft has no problems.</p>;
  const bytes = (number: number) => number.toLocaleString("en");
  return (
    <p className="hint">
      The page weighs {bytes(weight.brotli)} bytes compressed ({bytes(weight.gzip)} for old browsers).{" "}
      {weight.formAtOnce
        ? `The form is within the first ${bytes(limit)} bytes, so people on slow lines can sign at once.`
        : `The form is not within the first ${bytes(limit)} bytes: on slow lines people wait for it. Shorten what stands above it.`}
    </p>
  );
}

import type { Fault } from "@/lib/document";

type FaultsProps = { slug: string; language: string; faults: readonly Fault[] };

/** Why there is nothing to preview: the problems of all files, with a link to each place. */
export function Faults({ slug, language, faults }: FaultsProps) {
  return (
    <>
      <h1>No preview yet</h1>
      <p>
        The page in {language} cannot be shown before these problems are put right. What is published stays as
        it is.
      </p>
      <ul>
        {faults.map(({ file, line, message }) => (
          <li key={`${file} ${line} ${message}`}>
            <a href={`/admin/${slug}/text?file=${file}&as=text&line=${line}#line-${line}`} target="_top">
              {file}, line {line}
            </a>
            : {message}.
          </li>
        ))}
      </ul>
    </>
  );
}

import { counted } from "@/components/admin/counted";
import { type ComparedParagraph, paragraphRuns } from "@/components/admin/versions/paragraphs";
import { SETTINGS_FILE, SOURCES_FILE } from "@/lib/document";
import type { DifferencePiece } from "@/lib/editing";
import { directionOf, type Locale, nativeNameOf } from "@/lib/i18n/locales";

/** A file of a version. `pieces` is how it differs from the one that it is compared with; null if in nothing. */
export type ShownFile = {
  path: string;
  /** The language of a document; null for other files. */
  locale: Locale | null;
  text: string;
  pieces: readonly DifferencePiece[] | null;
};

type ComparedFileProps = { file: ShownFile; isCompared: boolean };

/** A file of a version as it was written, with what was added and removed if it is compared with another. */
export function ComparedFile({ file, isCompared }: ComparedFileProps) {
  const { path, locale, text, pieces } = file;
  const written = { lang: locale ?? "en", dir: locale === null ? ("ltr" as const) : directionOf(locale) };
  return (
    <section aria-labelledby={`file-${path}`}>
      <h2 id={`file-${path}`}>
        {locale === null ? NAMES[path] : <bdi lang={locale}>{nativeNameOf(locale)}</bdi>} <code>{path}</code>
      </h2>
      {pieces === null ? (
        <details open={!isCompared}>
          <summary>{isCompared ? "Nothing has changed. Show the text" : "The text"}</summary>
          <pre {...written}>{text}</pre>
        </details>
      ) : (
        <div className="difference" {...written}>
          {paragraphRuns(pieces).map(({ changed, paragraphs }, at) =>
            changed ? (
              <Paragraphs key={at} paragraphs={paragraphs} />
            ) : (
              <details key={at}>
                <summary lang="en" dir="ltr">
                  {counted(paragraphs.length, "paragraph")} unchanged
                </summary>
                <Paragraphs paragraphs={paragraphs} />
              </details>
            ),
          )}
        </div>
      )}
    </section>
  );
}

const NAMES: Readonly<Record<string, string>> = { [SETTINGS_FILE]: "Settings", [SOURCES_FILE]: "Sources" };

function Paragraphs({ paragraphs }: { paragraphs: readonly ComparedParagraph[] }) {
  return paragraphs.map(({ pieces }, at) => (
    <p key={at}>
      {pieces.map(({ kind, text }, place) => {
        if (kind === "added") return <ins key={place}>{text}</ins>;
        return kind === "removed" ? <del key={place}>{text}</del> : text;
      })}
    </p>
  ));
}

import type { ShownPart } from "./shown-part";

type OriginalProps = { part: ShownPart; lang: string; dir: "ltr" | "rtl" };

/** The original of a part, with what has changed in it since it was translated. */
export function Original({ part, lang, dir }: OriginalProps) {
  const { difference, original, state } = part;
  return (
    <>
      <div className="version" lang={lang} dir={dir}>
        {difference === null
          ? original
          : difference.map(({ kind, text }, at) =>
              kind === "added" ? (
                <ins key={at}>{text}</ins>
              ) : kind === "removed" ? (
                <del key={at}>{text}</del>
              ) : (
                <span key={at}>{text}</span>
              ),
            )}
      </div>
      {state === "outdated" ? (
        <p className="hint">
          {difference === null
            ? "The original has changed since this was translated."
            : "The original has changed since this was translated: what is struck through is gone, what is underlined is new."}
        </p>
      ) : null}
    </>
  );
}

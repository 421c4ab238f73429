"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";
import type { Conflict } from "./conflict";

type ConflictViewProps = {
  conflict: Conflict;
  lang: string;
  dir: "ltr" | "rtl";
  save: FormAction<Conflict>;
  /** The page with the saved text. */
  address: string;
  /** Called before the page is left for the saved text. */
  onTake?: () => void;
  /** Whether to move the focus here: the reader has sent the form and waits for what came of it. */
  focus?: boolean;
};

/** Two people have changed the same lines: shows both versions, and lets the reader choose. */
export function ConflictView({ conflict, lang, dir, save, address, onTake, focus }: ConflictViewProps) {
  const id = useId();
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) title.current?.focus();
  }, [focus]);
  const { path, mine, theirs, difference } = conflict;
  const without = (kind: "added" | "removed") => difference.filter((piece) => piece.kind !== kind);
  return (
    <section className="alert" aria-labelledby={`${id}title`}>
      <h2 id={`${id}title`} ref={title} tabIndex={-1}>
        Somebody else has changed the same lines
      </h2>
      <p>
        Your text is not saved yet. Both versions are below. What you keep takes the place of the other one;
        you can still copy from it.
      </p>
      <div className="pair">
        <div>
          <h3>Theirs, as it is saved</h3>
          <Version label="Their version" lang={lang} dir={dir}>
            {without("added").map(({ kind, text }, at) =>
              kind === "removed" ? <del key={at}>{text}</del> : <span key={at}>{text}</span>,
            )}
          </Version>
          <p>
            <a className="go" href={address} onClick={onTake}>
              Take theirs
            </a>
          </p>
        </div>
        <div>
          <h3>Yours</h3>
          <Version label="Your version" lang={lang} dir={dir}>
            {without("removed").map(({ kind, text }, at) =>
              kind === "added" ? <ins key={at}>{text}</ins> : <span key={at}>{text}</span>,
            )}
          </Version>
          <DeskForm
            name={`keep-${path}`}
            action={save}
            hidden={{ file: path, text: mine, "was.text": theirs }}
            show={(again) => (
              <ConflictView
                {...{ conflict: again, lang, dir, save, address, focus: true }}
                {...(onTake ? { onTake } : {})}
              />
            )}
          >
            <Submit>Keep mine</Submit>
          </DeskForm>
        </div>
      </div>
    </section>
  );
}

type VersionProps = { label: string; lang: string; dir: "ltr" | "rtl"; children: ReactNode };

/** One of the two texts, in a box that scrolls, also by keyboard. */
function Version({ label, lang, dir, children }: VersionProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reached by the keyboard.
    <section className="version" tabIndex={0} aria-label={label} lang={lang} dir={dir}>
      {children}
    </section>
  );
}

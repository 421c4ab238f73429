"use client";

import dynamic from "next/dynamic";
import { useId, useRef, useState } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm, useField } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";
import { useHydrated } from "@/components/admin/kit/use-hydrated";
import { ConflictView } from "./ConflictView";
import type { Checked, Conflict } from "./conflict";
import { type Editing, editingOfArea } from "./editing";
import { type Example, insertionOf } from "./examples";
import { Length } from "./Length";
import { ProblemList } from "./ProblemList";
import { patchesBetween } from "./patches";
import { SaveStatus } from "./SaveStatus";
import { plainLines, useAutosave } from "./use-autosave";

const CodeEditor = dynamic(() => import("./CodeEditor"), { ssr: false });

export type OpenFile = {
  path: string;
  label: string;
  /** The text as it is saved in the draft, and its number. */
  text: string;
  revision: number;
  lang: string;
  dir: "ltr" | "rtl";
};

/** A source to put into a text. */
export type SourceMark = { mark: string; label: string };

type TextFormProps = {
  file: OpenFile;
  checked: Checked;
  save: FormAction<Conflict>;
  /** Address of the page with this file, and of where texts are saved while they are written. */
  address: string;
  draftAddress: string;
  examples: readonly Example[];
  sources: readonly SourceMark[];
  /** Whether the file is one language's text, with a page to preview. */
  isDocument: boolean;
  /** The line that the reader was led to. */
  line: number | null;
};

/** A whole file as text. Works without JavaScript; with it, the field becomes an editor that saves by itself. */
export function TextForm(props: TextFormProps) {
  const { file, save, address, isDocument } = props;
  const text = plainLines(file.text);
  return (
    <DeskForm<Conflict>
      name={`text-${file.path}`}
      action={save}
      hidden={{ file: file.path }}
      original={{ text }}
      label={file.label}
      show={(conflict) =>
        // It was settled if the text has changed since.
        conflict.revision < file.revision ? null : (
          <ConflictView {...{ conflict, save, address, lang: file.lang, dir: file.dir, focus: true }} />
        )
      }
    >
      <TextBody {...props} />
      <p>
        <Submit>Save the draft</Submit>{" "}
        {isDocument ? (
          <Submit name="then" value="preview" className="quiet">
            Save and preview
          </Submit>
        ) : null}
      </p>
    </DeskForm>
  );
}

function TextBody({
  file,
  checked,
  draftAddress,
  examples,
  sources,
  isDocument,
  line: wanted,
}: TextFormProps) {
  const { path, revision, lang, dir } = file;
  const document = plainLines(file.text);
  const { id, value, mistake } = useField("text", document);
  const area = useRef<HTMLTextAreaElement>(null);
  const editor = useRef<Editing | null>(null);
  const hydrated = useHydrated();
  const [ready, setReady] = useState(false);
  const [written, setWritten] = useState<string | null>(null);
  const first = useRef(value);
  const editing = () => editor.current ?? (area.current && editingOfArea(area.current, changed));
  const current = () => editing()?.text() ?? value;
  const autosave = useAutosave<string>({
    inside: area,
    address: draftAddress,
    path,
    document,
    revision,
    name: "now",
    current,
    saved: document,
    isSame: (one, other) => one === other,
    fill: (form) => form.set("text", current()),
    merge(merged, sent) {
      if (current() !== sent) return false;
      editing()?.apply(patchesBetween(sent, merged));
      return true;
    },
    renew(sent) {
      const now = current();
      if (now !== sent && now !== document) return { was: sent, saved: sent };
      editing()?.apply(patchesBetween(now, document));
      return { was: document, saved: document };
    },
  });
  function changed(): void {
    autosave.changed();
  }
  const shown = autosave.checked ?? checked;
  const insert = (example: Pick<Example, "text" | "block">) => {
    const field = editing();
    field?.insert(insertionOf(field.text(), field.selection(), example));
  };
  return (
    <>
      {hydrated ? <Tools {...{ examples, sources, insert }} /> : null}
      <div className="field whole">
        <label htmlFor={id} id={`${id}-label`}>
          {file.label}
        </label>
        {mistake === undefined ? null : (
          <p className="err" id={`${id}-error`}>
            {mistake}
          </p>
        )}
        <textarea
          ref={area}
          id={id}
          name="text"
          defaultValue={value}
          lang={lang}
          dir={dir}
          rows={24}
          spellCheck={isDocument}
          hidden={ready}
          aria-describedby={mistake === undefined ? undefined : `${id}-error`}
          aria-invalid={mistake === undefined ? undefined : true}
          onChange={changed}
          onKeyDown={(event) => {
            if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            autosave.submit();
          }}
        />
        {hydrated ? (
          <CodeEditor
            text={area.current?.value ?? first.current}
            lang={lang}
            dir={dir}
            isMarkdown={isDocument}
            labelledBy={`${id}-label`}
            describedBy={mistake === undefined ? undefined : `${id}-error`}
            problems={shown.problems}
            onReady={(made) => {
              // What was typed until the editor was there, and where.
              const plain = area.current;
              if (plain && plain.value !== made.text()) made.apply(patchesBetween(made.text(), plain.value));
              const hadFocus = plain !== null && plain === plain.ownerDocument.activeElement;
              const line = plain?.value.slice(0, plain.selectionStart).split("\n").length ?? 1;
              editor.current = made;
              setReady(true);
              if (wanted !== null || hadFocus) made.goTo(wanted ?? line);
            }}
            onChange={(text) => {
              if (area.current) area.current.value = text;
              setWritten(text);
              changed();
            }}
            onSave={autosave.submit}
          />
        ) : null}
      </div>
      {hydrated ? <SaveStatus state={autosave.state} /> : null}
      {autosave.conflict === null ? null : (
        <ConflictNotice conflict={autosave.conflict} onChoose={autosave.submit} />
      )}
      {isDocument ? <Length words={shown.words} minutes={shown.minutes} /> : null}
      <h2>Problems</h2>
      <ProblemList
        text={written ?? document}
        problems={shown.problems}
        lang={lang}
        dir={dir}
        line={wanted}
        {...(hydrated ? { onLine: (line: number) => editing()?.goTo(line) } : {})}
      />
    </>
  );
}

/** Forms cannot stand in forms: pressing the button sends this one, which shows both versions below it. */
export function ConflictNotice({ conflict, onChoose }: { conflict: Conflict; onChoose: () => void }) {
  return (
    <div className="alert" role="alert">
      <p>Somebody else has changed the same lines of {conflict.path} while you wrote.</p>
      <p>
        <button type="button" onClick={onChoose}>
          Show both versions
        </button>
      </p>
    </div>
  );
}

type ToolsProps = {
  examples: readonly Example[];
  sources: readonly SourceMark[];
  insert: (example: Pick<Example, "text" | "block">) => void;
};

/** Buttons that put an example, or the mark of a source, at the cursor. */
function Tools({ examples, sources, insert }: ToolsProps) {
  const id = useId();
  const source = useRef<HTMLSelectElement>(null);
  return (
    <fieldset className="tools">
      <legend>Insert at the cursor</legend>
      {examples.map((example) => (
        <button key={example.name} type="button" className="quiet" onClick={() => insert(example)}>
          {example.label}
        </button>
      ))}
      {sources.length === 0 ? null : (
        <>
          <label htmlFor={id}>Source</label>
          <select id={id} ref={source}>
            {sources.map(({ mark, label }) => (
              <option key={mark} value={mark}>
                {label}
              </option>
            ))}
          </select>
          <button
            type="button"
            className="quiet"
            onClick={() => insert({ text: source.current?.value ?? "", block: false })}
          >
            Insert source
          </button>
        </>
      )}
    </fieldset>
  );
}

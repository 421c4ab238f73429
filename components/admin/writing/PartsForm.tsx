"use client";

import { useRef } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm, useTyped } from "@/components/admin/kit/DeskForm";
import { SavedTextArea, Submit } from "@/components/admin/kit/fields";
import { useHydrated } from "@/components/admin/kit/use-hydrated";
import type { PartField } from "@/lib/writing";
import { ConflictView } from "./ConflictView";
import type { Checked, Conflict } from "./conflict";
import { Length } from "./Length";
import { ProblemList } from "./ProblemList";
import { SaveStatus } from "./SaveStatus";
import { ConflictNotice, type OpenFile } from "./TextForm";
import { plainLines, useAutosave } from "./use-autosave";

type PartsFormProps = {
  file: OpenFile;
  checked: Checked;
  fields: readonly PartField[];
  save: FormAction<Conflict>;
  /** Address of the page with this file, and of where texts are saved while they are written. */
  address: string;
  draftAddress: string;
};

type Parts = Readonly<Record<string, string>>;

/** A document as a field for each of its parts. */
export function PartsForm(props: PartsFormProps) {
  const { file, save, address } = props;
  const { path, label, lang, dir } = file;
  return (
    <DeskForm<Conflict>
      name={`parts-${path}`}
      action={save}
      hidden={{ file: path }}
      original={{ text: plainLines(file.text) }}
      label={label}
      show={(conflict) =>
        // It was settled if the text has changed since.
        conflict.revision < file.revision ? null : (
          <ConflictView {...{ conflict, save, address, lang, dir, focus: true }} />
        )
      }
    >
      <PartsBody {...props} />
      <p>
        <Submit>Save the draft</Submit>{" "}
        <Submit name="then" value="preview" className="quiet">
          Save and preview
        </Submit>
      </p>
    </DeskForm>
  );
}

function PartsBody({ file, checked, fields, address, draftAddress }: PartsFormProps) {
  const { path, text, revision, lang, dir } = file;
  const hydrated = useHydrated();
  const around = useRef<HTMLDivElement>(null);
  const saved: Parts = Object.fromEntries(fields.map(({ name, text: part }) => [name, part]));
  const areas = () => [...(around.current?.querySelectorAll("textarea") ?? [])];
  const autosave = useAutosave<Parts>({
    inside: around,
    address: draftAddress,
    path,
    document: plainLines(text),
    revision,
    name: "parts",
    current: () => Object.fromEntries(areas().map(({ name, value }) => [name, value])),
    saved,
    isSame: (one, other) => Object.keys(one).every((name) => one[name] === other[name]),
    // Others' parts are shown once the page is loaded again; what is sent names what it was changed from.
    merge: () => false,
    renew(sent) {
      for (const area of areas()) {
        const now = saved[area.name];
        if (now !== undefined && area.value === sent[area.name]) area.value = now;
      }
      return { was: text, saved };
    },
  });
  const shown = autosave.checked ?? checked;
  const typed = useTyped();
  const gone = Object.keys(typed).filter((name) => name.startsWith("part.") && !(name in saved));
  const sections = [...Map.groupBy(fields, ({ section }) => section)];
  return (
    <div ref={around} onChange={autosave.changed}>
      <p className="hint">
        Each field is one paragraph, heading or line. To add or remove one, open{" "}
        <a href={`${address}&as=text`}>the whole text</a>. <code>[^K1]</code> leads to the source K1.
      </p>
      {sections.map(([section, its]) => (
        <fieldset key={section ?? 0}>
          <legend>{section === null ? "Top and call" : `Section ${section}`}</legend>
          {its.map((field) => (
            <PartArea key={field.name} {...field} lang={lang} dir={dir} />
          ))}
        </fieldset>
      ))}
      {gone.length === 0 ? null : (
        <fieldset>
          <legend>No longer in the text</legend>
          {gone.map((name) => (
            <PartArea key={name} name={name} label={name} text="" section={null} lang={lang} dir={dir} />
          ))}
        </fieldset>
      )}
      {hydrated ? <SaveStatus state={autosave.state} /> : null}
      {autosave.conflict === null ? null : (
        <ConflictNotice conflict={autosave.conflict} onChoose={autosave.submit} />
      )}
      <Length words={shown.words} minutes={shown.minutes} />
      <h2>Problems</h2>
      <ProblemList text={text} problems={shown.problems} lang={lang} dir={dir} />
    </div>
  );
}

/** A row for about each so many characters. */
const ROW_CHARACTERS = 80;

function PartArea({ name, label, text, lang, dir }: PartField & { lang: string; dir: "ltr" | "rtl" }) {
  const rows = Math.min(12, 1 + Math.floor(text.length / ROW_CHARACTERS));
  return <SavedTextArea name={name} label={label} saved={text} lang={lang} dir={dir} rows={rows} />;
}

"use client";

import type { FormAction } from "@/components/admin/form-state";
import { DeskForm, useTyped } from "@/components/admin/kit/DeskForm";
import { Checkbox, SavedTextArea, Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { Original } from "@/components/translations/Original";
import { seenField, stillField, textField } from "@/components/translations/part-fields";
import { type ShownPart, STATE_WORDS } from "@/components/translations/shown-part";

/** A language, and how it is set. */
export type Side = { lang: string; dir: "ltr" | "rtl"; name: string };

type PartsFormProps = {
  sections: readonly { name: string; parts: readonly ShownPart[] }[];
  original: Side;
  translation: Side;
  locale: string;
  /** Null for those who may only look. */
  save: FormAction | null;
  /** Id of the form that checks ticked parts; null for those who may not. */
  checks: string | null;
};

/**
 * The parts of a translation, each beside its original. They are one form, so that what was typed into one section
 * is not lost when another is saved without JavaScript.
 */
export function PartsForm({ sections, original, translation, locale, save, checks }: PartsFormProps) {
  const shown = sections.map(({ name, parts }) => (
    <section key={name} aria-labelledby={`section-${parts[0]?.key}`}>
      <h2 id={`section-${parts[0]?.key}`}>{name}</h2>
      {parts.map((part) => (
        <Row key={part.key} {...{ part, original, translation, checks }} writable={save !== null} />
      ))}
      {save === null ? null : (
        <p>
          <Submit>Save the draft</Submit>
        </p>
      )}
    </section>
  ));
  if (save === null) return shown;
  const parts = sections.flatMap((section) => section.parts);
  return (
    <DeskForm
      name="translate"
      action={save}
      label={`Translation into ${translation.name}`}
      hidden={{
        action: "save",
        locale,
        ...Object.fromEntries(parts.map(({ key, originalSeen }) => [seenField(key), originalSeen])),
      }}
      original={Object.fromEntries(parts.map((part) => [textField(part.key), part.translation ?? ""]))}
    >
      {shown}
    </DeskForm>
  );
}

type RowProps = Pick<PartsFormProps, "original" | "translation" | "checks"> & {
  part: ShownPart;
  writable: boolean;
};

function Row({ part, original, translation, checks, writable }: RowProps) {
  return (
    <section className="pair" aria-label={part.label}>
      <div>
        <h3>{part.label}</h3>
        <Original part={part} {...original} />
      </div>
      <div>
        <p>
          <strong>{STATE_WORDS[part.state]}</strong> <Who part={part} />
        </p>
        {writable ? (
          <Translated part={part} {...translation} />
        ) : (
          <div className="version" lang={translation.lang} dir={translation.dir}>
            {part.translation ?? ""}
          </div>
        )}
        {writable && part.state === "outdated" ? (
          <Checkbox name={stillField(part.key)} label="The translation still says what the original says" />
        ) : null}
        {checks === null || part.translation === null ? null : (
          <div className="tick">
            <input
              form={checks}
              id={`${checks}-${part.key}`}
              type="checkbox"
              name={`check.${part.key}`}
              value={part.seen}
            />
            <label htmlFor={`${checks}-${part.key}`}>Choose: {part.label}</label>
          </div>
        )}
      </div>
    </section>
  );
}

function Who({ part: { reviewedAt, reviewedBy, changedAt, changedBy } }: { part: ShownPart }) {
  if (reviewedAt !== null)
    return (
      <span className="hint">
        by <bdi>{reviewedBy}</bdi>, <Moment at={reviewedAt} />
      </span>
    );
  return changedBy === null || changedBy === "" ? null : (
    <span className="hint">
      written by <bdi>{changedBy}</bdi>, <Moment at={changedAt} />
    </span>
  );
}

/** A row for about each so many characters. */
const ROW_CHARACTERS = 60;

function Translated({ part, lang, dir, name }: { part: ShownPart } & Side) {
  const field = textField(part.key);
  const saved = part.translation ?? "";
  const label = (
    <>
      {part.label}, in <bdi lang={lang}>{name}</bdi>
    </>
  );
  const rows = Math.min(14, 2 + Math.floor(part.original.length / ROW_CHARACTERS));
  // Shows what was merged or sent in place of what is typed.
  const key = useTyped()[field] ?? saved;
  return (
    <SavedTextArea key={key} name={field} label={label} saved={saved} lang={lang} dir={dir} rows={rows} />
  );
}

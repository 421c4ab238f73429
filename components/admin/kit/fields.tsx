"use client";

import type { ComponentProps, ReactNode } from "react";
import type { ButtonField } from "@/lib/desk-form";
import { useField, usePending, useTyped } from "./DeskForm";

type Labelled = {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** The initial value. */
  initial?: string | undefined;
};

/**
 * Returns what a labelled control consists of: `around` for its label, hint and error, `control` for the element itself, and the
 * text it shows first.
 */
function useLabelled({ name, label, hint, initial }: Labelled) {
  const { id, value, mistake } = useField(name, initial);
  return {
    around: { id, label, hint, mistake },
    control: {
      id,
      name,
      "aria-describedby": described(id, hint, mistake),
      "aria-invalid": mistake === undefined ? undefined : true,
    },
    value,
  };
}

function described(id: string, hint: ReactNode, mistake: string | undefined): string | undefined {
  const ids = [hint ? `${id}-hint` : "", mistake ? `${id}-error` : ""].filter(Boolean).join(" ");
  return ids === "" ? undefined : ids;
}

function Around(props: {
  id: string;
  label: ReactNode;
  hint: ReactNode;
  mistake: string | undefined;
  children: ReactNode;
}) {
  const { id, label, hint, mistake, children } = props;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint ? (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      {mistake === undefined ? null : (
        <p className="err" id={`${id}-error`}>
          {mistake}
        </p>
      )}
      {children}
    </div>
  );
}

/** A single-line text field. */
export function TextField({
  name,
  label,
  hint,
  initial,
  ...input
}: Labelled & Omit<ComponentProps<"input">, "name" | "id" | "defaultValue">) {
  const { around, control, value } = useLabelled({ name, label, hint, initial });
  return (
    <Around {...around}>
      <input
        {...input}
        {...control}
        // Passwords and codes are never sent back.
        defaultValue={input.type === "password" || name === "code" ? "" : value}
        key={value}
      />
    </Around>
  );
}

/** A text field of several lines. */
export function TextArea({
  name,
  label,
  hint,
  initial,
  ...area
}: Labelled & Omit<ComponentProps<"textarea">, "name" | "id" | "defaultValue">) {
  const { around, control, value } = useLabelled({ name, label, hint, initial });
  return (
    <Around {...around}>
      <textarea {...area} {...control} defaultValue={value} key={value} />
    </Around>
  );
}

type SavedTextAreaProps = Omit<ComponentProps<"textarea">, "name" | "id" | "defaultValue"> & {
  name: string;
  label: ReactNode;
  /** The text as it is saved. Shown where the form was sent or kept without this field. */
  saved: string;
};

/** A text area for one of many texts that are saved already. */
export function SavedTextArea({ name, label, saved, ...area }: SavedTextAreaProps) {
  const { around, control } = useLabelled({ name, label });
  return (
    <Around {...around}>
      <textarea {...control} {...area} defaultValue={useTyped()[name] ?? saved} />
    </Around>
  );
}

/**
 * A file to send. Browsers empty it after each attempt. With JavaScript, a file that is too large is refused
 * before it is sent.
 */
export function FileField({
  name,
  label,
  hint,
  limitBytes,
  tooLarge,
  ...input
}: Omit<Labelled, "initial"> & { limitBytes: number; tooLarge: string } & Omit<
    ComponentProps<"input">,
    "name" | "id" | "type" | "onChange"
  >) {
  const { around, control } = useLabelled({ name, label, hint });
  return (
    <Around {...around}>
      <input
        {...input}
        {...control}
        type="file"
        onChange={({ currentTarget }) =>
          currentTarget.setCustomValidity((currentTarget.files?.[0]?.size ?? 0) > limitBytes ? tooLarge : "")
        }
      />
    </Around>
  );
}

/** One of several values. */
export function Choice({
  name,
  label,
  hint,
  initial,
  options,
  ...select
}: Labelled & { options: readonly { value: string; label: string }[] } & Omit<
    ComponentProps<"select">,
    "name" | "id" | "defaultValue" | "children"
  >) {
  const { around, control, value } = useLabelled({ name, label, hint, initial });
  return (
    <Around {...around}>
      <select {...select} {...control} defaultValue={value} key={value}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Around>
  );
}

/** A checkbox, sent as `yes` if it is checked. */
export function Checkbox({
  name,
  label,
  initial = false,
}: {
  name: string;
  label: ReactNode;
  initial?: boolean;
}) {
  const { id, value, sent } = useField(name, initial ? "yes" : "");
  // A form sent back without the field had it unchecked.
  const checked = sent ? value === "yes" : initial;
  return (
    <div className="tick">
      <input id={id} name={name} type="checkbox" value="yes" defaultChecked={checked} key={String(checked)} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}

/** A code of an authenticator app, or one for recovery. */
export function CodeField() {
  return (
    <TextField
      name="code"
      label="Code"
      hint="Six digits from your authenticator app, or one of your recovery codes."
      autoComplete="one-time-code"
      required
    />
  );
}

/** A submit button that cannot be pressed twice. */
export function Submit({
  children,
  ...button
}: Omit<ComponentProps<"button">, "name"> & { name?: ButtonField }) {
  const pending = usePending();
  return (
    <button
      {...button}
      type="submit"
      aria-disabled={pending}
      onClick={(event) => pending && event.preventDefault()}
    >
      {children}
    </button>
  );
}

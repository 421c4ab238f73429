"use client";

import type { ComponentProps, ReactNode } from "react";
import { useField, usePending } from "./DeskForm";

type Labelled = {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** What the field holds before anybody typed. */
  initial?: string;
};

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

/** One line of text. */
export function TextField({
  name,
  label,
  hint,
  initial,
  ...input
}: Labelled & Omit<ComponentProps<"input">, "name" | "id" | "defaultValue">) {
  const { id, value, mistake } = useField(name, initial);
  return (
    <Around id={id} label={label} hint={hint} mistake={mistake}>
      <input
        {...input}
        id={id}
        name={name}
        // Passwords and codes are never sent back.
        defaultValue={input.type === "password" || name === "code" ? "" : value}
        key={value}
        aria-describedby={described(id, hint, mistake)}
        aria-invalid={mistake === undefined ? undefined : true}
      />
    </Around>
  );
}

/** Several lines of text. */
export function TextArea({
  name,
  label,
  hint,
  initial,
  ...area
}: Labelled & Omit<ComponentProps<"textarea">, "name" | "id" | "defaultValue">) {
  const { id, value, mistake } = useField(name, initial);
  return (
    <Around id={id} label={label} hint={hint} mistake={mistake}>
      <textarea
        {...area}
        id={id}
        name={name}
        defaultValue={value}
        key={value}
        aria-describedby={described(id, hint, mistake)}
        aria-invalid={mistake === undefined ? undefined : true}
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
}: Labelled & { options: readonly { value: string; text: string }[] }) {
  const { id, value, mistake } = useField(name, initial);
  return (
    <Around id={id} label={label} hint={hint} mistake={mistake}>
      <select
        id={id}
        name={name}
        defaultValue={value}
        key={value}
        aria-describedby={described(id, hint, mistake)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </Around>
  );
}

/** A box to tick; sent as "on". */
export function Tick({
  name,
  label,
  initial = false,
}: {
  name: string;
  label: ReactNode;
  initial?: boolean;
}) {
  const { id, value } = useField(name, initial ? "on" : "");
  return (
    <div className="tick">
      <input id={id} name={name} type="checkbox" defaultChecked={value === "on"} key={value} />
      <label htmlFor={id}>{label}</label>
    </div>
  );
}

/** A button that sends the form around it; it cannot be pressed twice. */
export function Submit({ children, ...button }: ComponentProps<"button">) {
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

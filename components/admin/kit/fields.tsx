"use client";

import type { ComponentProps, ReactNode } from "react";
import { useField, usePending } from "./DeskForm";

type Labelled = {
  name: string;
  label: ReactNode;
  hint?: ReactNode;
  /** The initial value. */
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

/** A single-line text field. */
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

/** A submit button that cannot be pressed twice. */
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

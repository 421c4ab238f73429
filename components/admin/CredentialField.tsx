import type { ReactNode } from "react";
import type { FieldMistake } from "@/components/admin/form-state";

/** Lists what has to be corrected, with a link to each field. */
export function Mistakes({ mistakes }: { mistakes: readonly FieldMistake[] }) {
  if (mistakes.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noAutofocus: after a refused form the reader must land on what went wrong.
    <div className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
      <h2>Please put this right</h2>
      <ul>
        {mistakes.map(({ field, text }) => (
          <li key={field}>
            <a href={`#${field}`}>{text}</a>
          </li>
        ))}
      </ul>
    </div>
  );
}

type CredentialFieldProps = {
  /** `present` is the current password, `password` a new one. */
  name: "present" | "password" | "code";
  label: string;
  autoComplete: "current-password" | "new-password" | "one-time-code";
  mistakes?: readonly FieldMistake[];
  /** A hint. */
  children?: ReactNode;
};

/** A field for a password or a code, with its hint and error. */
export function CredentialField({
  name,
  label,
  autoComplete,
  mistakes = [],
  children,
}: CredentialFieldProps) {
  const mistake = mistakes.find(({ field }) => field === name);
  const described = [children ? `${name}-hint` : "", mistake ? `${name}-error` : ""]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children ? (
        <p className="hint" id={`${name}-hint`}>
          {children}
        </p>
      ) : null}
      {mistake === undefined ? null : (
        <p className="err" id={`${name}-error`}>
          {mistake.text}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={name === "code" ? "text" : "password"}
        autoComplete={autoComplete}
        required
        {...(described === "" ? {} : { "aria-describedby": described })}
        {...(mistake === undefined ? {} : { "aria-invalid": true })}
      />
    </div>
  );
}

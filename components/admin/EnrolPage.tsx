import type { ReactNode } from "react";
import { AdminDocument } from "@/components/admin/AdminDocument";

export type EnrolRefusal =
  | { kind: "invalid"; password: "short" | "long" | "common" | null; code: boolean }
  | { kind: "busy" };

type EnrolPageProps = {
  organisation: string;
  email: string;
  secret: string;
  secretAddress: string;
  sealedSecret: string;
  code: { size: number; path: string };
  minimumCharacters: number;
  refusal?: EnrolRefusal;
};

/** Sets password and authenticator in one form. Opening the page changes nothing. */
export function EnrolPage(props: EnrolPageProps) {
  const { organisation, email, secret, secretAddress, sealedSecret, code, minimumCharacters, refusal } =
    props;
  const mistakes = refusal?.kind === "invalid" ? refusal : null;
  const passwordMistakes = {
    short: `Password: use at least ${minimumCharacters} characters.`,
    long: "Password: use 200 characters or fewer.",
    common:
      "Password: this is one that others try first. Choose another, such as four words that do not belong together.",
  };
  const wrongPassword = mistakes?.password ? passwordMistakes[mistakes.password] : null;
  const wrongCode = mistakes?.code
    ? "Code: it does not fit. Type the six digits that the app shows now, and see that the phone's clock is right."
    : null;
  return (
    <AdminDocument organisation={organisation} title="Set up your access" signedIn={null}>
      <div className="narrow form">
        <h1>Set up your access</h1>
        <p>
          For <bdi>{email}</bdi>. The link to this page works once.
        </p>
        {refusal?.kind === "busy" ? (
          // biome-ignore lint/a11y/noAutofocus: after a refused form the reader must land on what went wrong.
          <div className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
            <h2>We could not set this up just now</h2>
            <p>
              Nothing was wrong with what you typed, and the app need not scan anew. Please type password and
              code once more in a moment.
            </p>
          </div>
        ) : null}
        {wrongPassword === null && wrongCode === null ? null : (
          // biome-ignore lint/a11y/noAutofocus: after a refused form the reader must land on what went wrong.
          <div className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
            <h2>Please put this right</h2>
            <ul>
              {wrongPassword === null ? null : (
                <li>
                  <a href="#password">{wrongPassword}</a>
                </li>
              )}
              {wrongCode === null ? null : (
                <li>
                  <a href="#code">{wrongCode}</a>
                </li>
              )}
            </ul>
          </div>
        )}
        <form method="post">
          <input type="hidden" name="secret" value={sealedSecret} />
          <input type="text" name="username" value={email} autoComplete="username" hidden readOnly />
          <h2>1. A password</h2>
          <FormField name="password" label="Password" mistake={wrongPassword}>
            <p className="hint" id="password-hint">
              {minimumCharacters} characters or more; several words are easiest to remember.
            </p>
          </FormField>
          <h2>2. An authenticator app</h2>
          <p>Scan this with the app, or type the key by hand.</p>
          <svg className="qr" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label="Code to scan">
            <path d={code.path} />
          </svg>
          <p className="secret" id="totp-secret">
            {secret}
          </p>
          <p>
            <a href={secretAddress}>Open in an app on this device</a>
          </p>
          <FormField name="code" label="The six digits that the app shows now" mistake={wrongCode} />
          <button type="submit">Set up my access</button>
        </form>
      </div>
    </AdminDocument>
  );
}

type FormFieldProps = {
  name: "password" | "code";
  label: string;
  mistake: string | null;
  children?: ReactNode;
};

function FormField({ name, label, mistake, children }: FormFieldProps) {
  const described = [children ? `${name}-hint` : "", mistake ? `${name}-error` : ""]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children}
      {mistake === null ? null : (
        <p className="err" id={`${name}-error`}>
          {mistake}
        </p>
      )}
      <input
        id={name}
        name={name}
        type={name === "password" ? "password" : "text"}
        autoComplete={name === "password" ? "new-password" : "one-time-code"}
        required
        {...(described === "" ? {} : { "aria-describedby": described })}
        {...(mistake === null ? {} : { "aria-invalid": true })}
      />
    </div>
  );
}

/** Shown once: the codes that stand in for a lost authenticator. */
export function EnrolledPage({
  organisation,
  recoveryCodes,
}: {
  organisation: string;
  recoveryCodes: string[];
}) {
  return (
    <AdminDocument organisation={organisation} title="Keep these codes" signedIn={null}>
      <div className="narrow">
        <h1>Keep these codes</h1>
        <p>
          Each works once in place of the authenticator, if you lose it. They are shown only now: print them
          or write them down, and keep them apart from your phone.
        </p>
        <ol className="secret" id="recovery-codes">
          {recoveryCodes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
        <p>
          <a className="go" href="/admin/sign-in">
            Sign in
          </a>
        </p>
      </div>
    </AdminDocument>
  );
}

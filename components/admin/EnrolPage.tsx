import { AdminDocument } from "@/components/admin/AdminDocument";
import { CredentialField, Mistakes } from "@/components/admin/CredentialField";
import { CLOCK_IS_OFF } from "@/components/admin/code-words";
import type { FieldMistake } from "@/components/admin/form-state";
import { passwordSentence } from "@/components/admin/password-words";

export type EnrolRefusal =
  | {
      kind: "invalid";
      password: "short" | "long" | "common" | "context" | "wrong" | null;
      code: "wrong" | "clock-off" | null;
    }
  | { kind: "busy" };

/** A new authenticator secret, to scan, open or type. */
type NewAuthenticator = {
  secret: string;
  secretAddress: string;
  sealedSecret: string;
  code: { size: number; path: string };
};

type EnrolPageProps = {
  organisation: string;
  email: string;
  kind: "both" | "password" | "authenticator";
  /** Null if the existing authenticator stays. */
  authenticator: NewAuthenticator | null;
  minimumCharacters: number;
  refusal?: EnrolRefusal;
};

const TITLES = {
  both: "Set up your access",
  password: "Set a new password",
  authenticator: "Set up a new authenticator",
};

/**
 * Sets password and authenticator in one form, or replaces one using the other. Opening the page changes
 * nothing.
 */
export function EnrolPage(props: EnrolPageProps) {
  const { organisation, email, kind, authenticator, minimumCharacters, refusal } = props;
  const mistakes = refusal?.kind === "invalid" ? mistakesOf(refusal, kind, minimumCharacters) : [];
  return (
    <AdminDocument organisation={organisation} title={TITLES[kind]} signedIn={null}>
      <div className="narrow form">
        <h1>{TITLES[kind]}</h1>
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
        <Mistakes mistakes={mistakes} />
        <form method="post">
          {authenticator === null ? null : (
            <input type="hidden" name="secret" value={authenticator.sealedSecret} />
          )}
          <input type="text" name="username" value={email} autoComplete="username" hidden readOnly />
          <h2>{kind === "authenticator" ? "1. Your password" : "1. A password"}</h2>
          {kind === "authenticator" ? (
            <CredentialField
              name="password"
              label="The password you have"
              autoComplete="current-password"
              mistakes={mistakes}
            />
          ) : (
            <CredentialField name="password" label="Password" autoComplete="new-password" mistakes={mistakes}>
              {minimumCharacters} characters or more; several words are easiest to remember.
            </CredentialField>
          )}
          <h2>2. {authenticator === null ? "Your authenticator app" : "An authenticator app"}</h2>
          {authenticator === null ? (
            <CredentialField name="code" label="Code" autoComplete="one-time-code" mistakes={mistakes}>
              Six digits from the app you have, or one of your recovery codes.
            </CredentialField>
          ) : (
            <>
              <ToScan {...authenticator} />
              <CredentialField
                name="code"
                label="The six digits that the app shows now"
                autoComplete="one-time-code"
                mistakes={mistakes}
              />
            </>
          )}
          <button type="submit">{kind === "both" ? "Set up my access" : TITLES[kind]}</button>
        </form>
      </div>
    </AdminDocument>
  );
}

function ToScan({ secret, secretAddress, code }: NewAuthenticator) {
  return (
    <>
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
    </>
  );
}

function mistakesOf(
  { password, code }: Extract<EnrolRefusal, { kind: "invalid" }>,
  kind: EnrolPageProps["kind"],
  minimumCharacters: number,
): FieldMistake[] {
  const wrongCode =
    code === "clock-off"
      ? CLOCK_IS_OFF
      : kind === "password"
        ? "Code: it was not taken. A code is good once, and only while the app shows it. Take the next one; after many failures wait longer."
        : "Code: it does not fit. Type the six digits while the app shows them, and see that the phone's clock is right.";
  const wrongPassword =
    password === "wrong"
      ? "Password: it was not taken. Type the one you have; after many failures wait a while. If you have lost it too, ask an owner to remove you and invite you again."
      : password && passwordSentence(password, minimumCharacters);
  return [
    ...(wrongPassword ? [{ field: "password", text: wrongPassword }] : []),
    ...(code ? [{ field: "code", text: wrongCode }] : []),
  ];
}

/** Says that the new password is set. */
export function PasswordSetPage({ organisation }: { organisation: string }) {
  return (
    <AdminDocument organisation={organisation} title="Your new password holds" signedIn={null}>
      <div className="narrow">
        <h1>Your new password holds</h1>
        <p>Your authenticator and your recovery codes stay as they were. All sessions have ended.</p>
        <p>
          <a className="go" href="/admin/sign-in">
            Sign in
          </a>
        </p>
      </div>
    </AdminDocument>
  );
}

/** Recovery codes for a lost authenticator, shown once. */
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

import { AdminDocument } from "@/components/admin/AdminDocument";
import { CredentialField, Mistakes } from "@/components/admin/CredentialField";
import { CLOCK_IS_OFF, CODE_NOT_TAKEN } from "@/components/admin/code-words";
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
    <AdminDocument organisation={organisation} title={TITLES[kind]}>
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
              Nothing was wrong with what you typed, and you need not scan the code again. In a moment, please
              enter your password and a code once more.
            </p>
          </div>
        ) : null}
        <Mistakes mistakes={mistakes} />
        <form method="post">
          {authenticator === null ? null : (
            <input type="hidden" name="secret" value={authenticator.sealedSecret} />
          )}
          <input type="text" name="username" value={email} autoComplete="username" hidden readOnly />
          <h2>{kind === "authenticator" ? "1. Your password" : "1. Choose a password"}</h2>
          {kind === "authenticator" ? (
            <CredentialField
              name="password"
              label="Your current password"
              autoComplete="current-password"
              mistakes={mistakes}
            />
          ) : (
            <CredentialField name="password" label="Password" autoComplete="new-password" mistakes={mistakes}>
              Use at least {minimumCharacters} characters. Several words are easiest to remember.
            </CredentialField>
          )}
          <h2>2. {authenticator === null ? "Your authenticator app" : "Set up an authenticator app"}</h2>
          {authenticator === null ? (
            <CredentialField name="code" label="Code" autoComplete="one-time-code" mistakes={mistakes}>
              Six digits from your authenticator app, or one of your recovery codes.
            </CredentialField>
          ) : (
            <>
              <ToScan {...authenticator} />
              <CredentialField
                name="code"
                label="Six digits that the app shows now"
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
      <p>Scan this with the app, or enter the key by hand.</p>
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
        ? CODE_NOT_TAKEN
        : "Code: this is not what the app shows. Enter the six digits while the app shows them, and set your phone's clock to automatic.";
  const wrongPassword =
    password === "wrong"
      ? "Password: this is not your current password. After many failures, wait longer. If you have lost your password too, ask an owner to remove you and invite you again."
      : password && passwordSentence(password, minimumCharacters);
  return [
    ...(wrongPassword ? [{ field: "password", text: wrongPassword }] : []),
    ...(code ? [{ field: "code", text: wrongCode }] : []),
  ];
}

/** Says that the new password is set. */
export function PasswordSetPage({ organisation }: { organisation: string }) {
  return (
    <AdminDocument organisation={organisation} title="Your new password is set">
      <div className="narrow">
        <h1>Your new password is set</h1>
        <p>Your authenticator and your recovery codes have not changed. All your sessions have ended.</p>
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
    <AdminDocument organisation={organisation} title="Keep these codes">
      <div className="narrow">
        <h1>Keep these codes</h1>
        <p>
          If you lose your authenticator, each of these codes works once in its place. They are shown only
          now. Print them or write them down, and do not keep them with your phone.
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

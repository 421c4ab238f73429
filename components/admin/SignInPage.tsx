import { AdminDocument } from "@/components/admin/AdminDocument";

export type SignInOutcome = "refused" | "unavailable" | "too-many" | "ended";

/** Messages after a failed sign-in. */
const OUTCOMES: Record<SignInOutcome, { title: string; text: string }> = {
  refused: {
    title: "That did not work",
    text: "The address, password or code is wrong, or the code has been used already. A code works only while the app shows it, so enter the next one. If your codes keep being refused, set your phone's clock to automatic. After ten failures you have to wait before you can sign in. From another network, a recovery code still works.",
  },
  unavailable: {
    title: "We could not check that just now",
    text: "Nothing was wrong with what you typed. Please try again in a moment.",
  },
  ended: {
    title: "Your session has ended",
    text: "A wrong code was entered ten times. The owners have been told. Please sign in again.",
  },
  "too-many": {
    title: "Too many sign-ins from your network",
    text: "We did not check what you typed. Please try again in a minute, or from another network.",
  },
};

type SignInPageProps = {
  organisation: string;
  csrfToken: string;
  callbackUrl: string;
  outcome: SignInOutcome | null;
};

/**
 * Password and code in one form. Every failure gets the same answer, so that nobody learns who has an
 * account.
 */
export function SignInPage({ organisation, csrfToken, callbackUrl, outcome }: SignInPageProps) {
  return (
    <AdminDocument organisation={organisation} title="Sign in">
      <div className="narrow form">
        <h1>Sign in</h1>
        {outcome !== null ? (
          // biome-ignore lint/a11y/noAutofocus: after a refused sign-in the reader must land on what went wrong.
          <div className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
            <h2>{OUTCOMES[outcome].title}</h2>
            <p>{OUTCOMES[outcome].text}</p>
          </div>
        ) : null}
        <form method="post" action="/api/auth/callback/credentials">
          <input type="hidden" name="csrfToken" value={csrfToken} />
          <input type="hidden" name="callbackUrl" value={callbackUrl} />
          <p className="field">
            <label htmlFor="email">Email address</label>
            <input id="email" name="email" type="text" inputMode="email" autoComplete="username" required />
          </p>
          <p className="field">
            <label htmlFor="password">Password</label>
            <input id="password" name="password" type="password" autoComplete="current-password" required />
          </p>
          <div className="field">
            <label htmlFor="code">Code</label>
            <p className="hint" id="code-hint">
              Six digits from your authenticator app, or one of your recovery codes.
            </p>
            <input
              id="code"
              name="code"
              type="text"
              autoComplete="one-time-code"
              aria-describedby="code-hint"
              required
            />
          </div>
          <button type="submit">Sign in</button>
        </form>
        <p>
          Have you lost your password, or both your authenticator and your recovery codes? Ask an owner for a
          new link.
        </p>
      </div>
    </AdminDocument>
  );
}

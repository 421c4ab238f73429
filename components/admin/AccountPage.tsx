import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { CredentialField, type FieldMistake, Mistakes } from "@/components/admin/CredentialField";
import { moment } from "@/components/admin/moment";
import { Wide } from "@/components/admin/Wide";

type AccountPageProps = {
  organisation: string;
  signedIn: SignedIn;
  minimumCharacters: number;
  sessions: { id: string; createdAt: Date; lastSeenAt: Date; isThis: boolean }[];
  /** What was just done, in words. */
  done: string | null;
  mistakes: FieldMistake[];
};

/** A session lasts hours: its year need not take a phone's width. */
const withinDays = (at: Date) => moment(at).slice("2026-".length);

/** One's own password and sessions: for everybody at the desk. */
export function AccountPage(props: AccountPageProps) {
  const { organisation, signedIn, minimumCharacters, sessions, done, mistakes } = props;
  return (
    <AdminDocument organisation={organisation} title="Your account" signedIn={signedIn} here="/admin/account">
      <h1>Your account</h1>
      {done === null ? null : (
        <p className="alert" role="status">
          {done}
        </p>
      )}
      <Mistakes mistakes={mistakes} />
      <h2>Your sessions</h2>
      <p>Each ends by itself, too: after half an hour without a request, and after eight hours.</p>
      <Wide label="Your sessions">
        <table>
          <thead>
            <tr>
              <th scope="col">Since (UTC)</th>
              <th scope="col">Last used (UTC)</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ id, createdAt, lastSeenAt, isThis }) => (
              <tr key={id}>
                <th scope="row">{withinDays(createdAt)}</th>
                <td>{withinDays(lastSeenAt)}</td>
                <td>
                  {isThis ? (
                    "this one"
                  ) : (
                    <form method="post" className="inline">
                      <input type="hidden" name="session" value={id} />
                      <button type="submit" name="action" value="end-session" className="quiet">
                        End
                      </button>
                    </form>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {sessions.length < 2 ? null : (
        <form method="post">
          <button type="submit" name="action" value="end-others" className="quiet">
            End all others
          </button>
        </form>
      )}
      <form method="post">
        <h2>A new password</h2>
        <p>All your other sessions end with it.</p>
        <input type="text" name="username" value={signedIn.label} autoComplete="username" hidden readOnly />
        <CredentialField
          name="present"
          label="The password you have"
          autoComplete="current-password"
          mistakes={mistakes}
        />
        <CredentialField name="password" label="The new one" autoComplete="new-password" mistakes={mistakes}>
          {minimumCharacters} characters or more; several words are easiest to remember.
        </CredentialField>
        <CredentialField name="code" label="Code" autoComplete="one-time-code" mistakes={mistakes}>
          Six digits from your authenticator app, or one of your recovery codes.
        </CredentialField>
        <button type="submit" name="action" value="password">
          Change the password
        </button>
      </form>
    </AdminDocument>
  );
}

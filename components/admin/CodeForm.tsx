import { CredentialField } from "@/components/admin/CredentialField";

/** What was asked for and waits for a code: all that was sent, and whether a code was given and not taken. */
export type Pending = { fields: Record<string, string>; refused: boolean };

/** Asks for a code before something is done; nothing that was typed is lost. */
export function CodeForm({ fields, refused }: Pending) {
  const text =
    "Code: it was not taken. A code is good once, and only while the app shows it. Take the next one; after many failures wait longer.";
  return (
    // biome-ignore lint/a11y/noAutofocus: the reader must land on what is asked of them.
    <section className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
      <h2>A code first</h2>
      <p>Your last code is more than a quarter of an hour old. Nothing has been changed yet.</p>
      <form method="post">
        {Object.entries(fields).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <CredentialField
          name="code"
          label="Code"
          autoComplete="one-time-code"
          mistakes={refused ? [{ field: "code", text }] : []}
        >
          Six digits from your authenticator app, or one of your recovery codes.
        </CredentialField>
        <button type="submit">Go on</button>
      </form>
    </section>
  );
}

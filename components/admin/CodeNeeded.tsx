import { CredentialField } from "@/components/admin/CredentialField";

/** Asks for a code before showing a page, then returns to it. */
export function CodeNeeded({ why, back }: { why: string; back: string }) {
  return (
    <div className="narrow form">
      <h1>Enter a code first</h1>
      <p>{why}</p>
      <form method="post" action="/admin/code">
        <input type="hidden" name="back" value={back} />
        <CredentialField name="code" label="Code" autoComplete="one-time-code">
          Six digits from your authenticator app, or one of your recovery codes.
        </CredentialField>
        <p>
          <button type="submit">Continue</button> <a href="/admin">Back to the desk</a>
        </p>
      </form>
    </div>
  );
}

import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { CredentialField } from "@/components/admin/CredentialField";

/** A code that is asked for: why, whether one was given and not taken, and whether the phone's clock seems to be off. */
export type AskedCode = { why: string; refused: boolean; clockOff: boolean };

type AskPageProps = {
  organisation: string;
  signedIn: SignedIn;
  /** Where the answer is posted to, with all that was sent before. */
  address: string;
  fields: Record<string, string>;
  /** What will happen, and for how many; null where a code is all that is missing. */
  question: { title: string; text: string; button: string } | null;
  code: AskedCode | null;
};

const CODE_NOT_TAKEN =
  "Code: it was not taken. A code is good once, and only while the app shows it. Take the next one; after many failures wait longer.";
export const CLOCK_IS_OFF =
  "Code: it is one of some minutes ago or ahead. Have your phone set its clock by itself, and take the next code.";

/** Asks before something is done: whether it is meant, for a code, or both. Nothing that was typed is lost. */
export function AskPage({ organisation, signedIn, address, fields, question, code }: AskPageProps) {
  const title = question?.title ?? "A code first";
  return (
    <AdminDocument organisation={organisation} title={title} signedIn={signedIn}>
      <div className="narrow form">
        <h1>{title}</h1>
        {question === null ? null : <p>{question.text}</p>}
        {code === null ? null : <p>{code.why} Nothing has been done yet, and what you typed is kept.</p>}
        <form method="post" action={address}>
          {Object.entries(fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          {question === null ? null : <input type="hidden" name="confirmed" value="yes" />}
          {code === null ? null : (
            <CredentialField
              name="code"
              label="Code"
              autoComplete="one-time-code"
              mistakes={
                code.refused ? [{ field: "code", text: code.clockOff ? CLOCK_IS_OFF : CODE_NOT_TAKEN }] : []
              }
            >
              Six digits from your authenticator app, or one of your recovery codes.
            </CredentialField>
          )}
          <p>
            <button type="submit">{question?.button ?? "Go on"}</button>{" "}
            <a href="/admin">No, back to the desk</a>
          </p>
        </form>
      </div>
    </AdminDocument>
  );
}

import { AdminDocument } from "@/components/admin/AdminDocument";
import { CredentialField } from "@/components/admin/CredentialField";
import { CLOCK_IS_OFF, CODE_NOT_TAKEN } from "@/components/admin/code-words";
import type { AskedCode } from "@/components/admin/form-state";

type AskPageProps = {
  organisation: string;
  /** Where the answer is posted, along with everything sent before. */
  address: string;
  fields: Record<string, string>;
  /** What will happen, and to how many; null if only a code is missing. */
  question: { title: string; text: string; button: string } | null;
  code: AskedCode | null;
};

/** Asks for confirmation, for a code, or both. Nothing that was typed is lost. */
export function AskPage({ organisation, address, fields, question, code }: AskPageProps) {
  const title = question?.title ?? "A code first";
  return (
    <AdminDocument organisation={organisation} title={title}>
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

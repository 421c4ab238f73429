import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit } from "@/components/admin/kit/fields";
import { day, moment } from "@/components/admin/moment";
import type { ShownSignatory, ShownSuppression } from "@/components/admin/shown-signatory";

/** Why a signature does not count. `deleteAt` is set once it has been withdrawn. */
type Invalidity = { reason: string; deleteAt: Date | null };

type SignatoryProps = {
  signatory: ShownSignatory;
  /** Null if the signature is valid. */
  invalidity: Invalidity | null;
  history: readonly { at: Date; what: string }[];
  /** Since when they want only mail they ask for. */
  unsubscribedAt: Date | null;
  suppressed: ShownSuppression | null;
  reasons: readonly string[];
  /** What an owner can do; null for others. */
  act: FormAction | null;
};

/** One signatory: what happened, and what an owner can do. */
export function Signatory(props: SignatoryProps) {
  const { signatory, invalidity, history, unsubscribedAt, suppressed, reasons, act } = props;
  return (
    <>
      <h1>
        <bdi>{signatory.name}</bdi>
      </h1>
      <Facts signatory={signatory} mail={mailState(suppressed, unsubscribedAt)} />
      <h2>What happened</h2>
      <ol id="history">
        {history.map(({ at, what }) => (
          <li key={`${at.getTime()} ${what}`}>
            {moment(at)}: {what}
          </li>
        ))}
      </ol>
      {act === null ? null : (
        <>
          <h2>What you can do</h2>
          {/* One form for all buttons, so that its message stays when a button makes way for another. */}
          <DeskForm name="signatory" action={act} hidden={{ signature: signatory.id }}>
            {suppressed === null ? null : (
              <Act action="lift" name="Allow mail again">
                Only if the person asks you to. Nothing is sent now.
              </Act>
            )}
            <Act action="resend" name="Send the mail again">
              The request to confirm, or the link to their own page.
            </Act>
            <Validity invalidity={invalidity} reasons={reasons} />
            <Act action="withdraw" name="Withdraw">
              The signature and all that belongs to it are deleted for good.
            </Act>
            <Act action="erase" name="Erase">
              The same, and the address is never mailed again.
            </Act>
          </DeskForm>
        </>
      )}
    </>
  );
}

function Facts({ signatory, mail }: { signatory: ShownSignatory; mail: string }) {
  const facts: [string, string][] = [
    ["Address", signatory.email],
    ["Country", signatory.country],
    ["Language", signatory.locale],
    ["Status", signatory.state],
    ["Signed on", signatory.source],
    ["Signed (UTC)", moment(signatory.signedAt)],
    ["Confirmed (UTC)", moment(signatory.confirmedAt)],
    ["Wants updates", signatory.wantsUpdates ? "yes" : "no"],
    ["Name may be shown", signatory.publicName ? "yes" : "no"],
    ["Came by", signatory.ref ?? "–"],
    ["Mail", mail],
  ];
  return (
    <table>
      <tbody>
        {facts.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <bdi>{value}</bdi>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function mailState(suppressed: ShownSuppression | null, unsubscribedAt: Date | null): string {
  if (suppressed) return `suppressed since ${day(suppressed.since)}: ${suppressed.why}`;
  if (unsubscribedAt)
    return `unsubscribed on ${moment(unsubscribedAt)} UTC: gets only mail that they ask for themselves`;
  return "is sent";
}

function Validity({ invalidity, reasons }: { invalidity: Invalidity | null; reasons: readonly string[] }) {
  if (invalidity === null)
    return (
      <>
        <Choice
          name="reason"
          label="Why it is invalid"
          options={reasons.map((reason) => ({ value: reason, label: reason }))}
        />
        <Act action="invalid" name="Mark invalid">
          It is kept but no longer counts. You can take this back.
        </Act>
      </>
    );
  const { reason, deleteAt } = invalidity;
  return (
    <Act action="restore" name="Take the mark back">
      {deleteAt === null
        ? `It was marked invalid: ${reason}. It becomes what it was before.`
        : `It is deleted for good after ${moment(deleteAt)} UTC. It becomes what it was before.`}
    </Act>
  );
}

function Act({ action, name, children }: { action: string; name: string; children: string }) {
  return (
    <p>
      <Submit name="action" value={action} className="quiet">
        {name}
      </Submit>{" "}
      {children}
    </p>
  );
}

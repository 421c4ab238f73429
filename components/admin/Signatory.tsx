import type { ReactNode } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit } from "@/components/admin/kit/fields";
import { Day, Moment } from "@/components/admin/kit/Moment";
import { SignedAt } from "@/components/admin/SignedAt";
import type { ShownSignatory, ShownSuppression } from "@/components/admin/shown-signatory";
import { TimesShown } from "@/components/admin/TimesShown";

/** Why a signature does not count. `deleteAt` is set once it has been withdrawn. */
type Invalidity = { reason: string; deleteAt: Date | null };

type SignatoryProps = {
  signatory: ShownSignatory;
  /** Null if the signature is valid. */
  invalidity: Invalidity | null;
  /** `isDay` if only the day is known. */
  history: readonly { at: Date; isDay?: boolean; what: string }[];
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
      <TimesShown />
      <Facts
        signatory={signatory}
        mail={<MailState suppressed={suppressed} unsubscribedAt={unsubscribedAt} />}
      />
      <h2>What happened</h2>
      <ol id="history">
        {history.map(({ at, isDay, what }) => (
          <li key={`${at.getTime()} ${what}`}>
            {isDay ? <Day on={at} /> : <Moment at={at} />}: {what}
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

function Facts({ signatory, mail }: { signatory: ShownSignatory; mail: ReactNode }) {
  const facts: [string, ReactNode][] = [
    ["Address", signatory.email],
    ["Country", signatory.country],
    ["Language", signatory.locale],
    ["Status", signatory.state],
    ["Signed on", signatory.source],
    ["Signed", <SignedAt key="signed" signature={signatory} />],
    ["Confirmed", <Moment key="confirmed" at={signatory.confirmedAt} />],
    ["Wants updates", signatory.wantsUpdates ? "yes" : "no"],
    ["Name may be shown", signatory.publicName ? "yes" : "no"],
    ["Version of the text", signatory.textVersion ?? "–"],
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

function MailState({ suppressed, unsubscribedAt }: Pick<SignatoryProps, "suppressed" | "unsubscribedAt">) {
  if (suppressed)
    return (
      <>
        suppressed since <Day on={suppressed.since} />: {suppressed.why}
      </>
    );
  if (unsubscribedAt)
    return (
      <>
        unsubscribed on <Moment at={unsubscribedAt} />: gets only mail that they ask for themselves
      </>
    );
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
      {deleteAt === null ? (
        `It was marked invalid: ${reason}.`
      ) : (
        <>
          It is deleted for good after <Moment at={deleteAt} />.
        </>
      )}{" "}
      It becomes what it was before.
    </Act>
  );
}

function Act({ action, name, children }: { action: string; name: string; children: ReactNode }) {
  return (
    <p>
      <Submit name="action" value={action} className="quiet">
        {name}
      </Submit>{" "}
      {children}
    </p>
  );
}

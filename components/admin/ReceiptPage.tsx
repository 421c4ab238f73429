import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { moment } from "@/components/admin/moment";

type ReceiptPageProps = {
  organisation: string;
  signedIn: SignedIn;
  title: string;
  text: string;
  at: Date;
  who: string;
  /** The action that undoes it; null if there is none, or no longer. */
  undo: { address: string; fields: Record<string, string> } | null;
};

/** Says what was done. Built from the audit log, so it can be opened again at any time. */
export function ReceiptPage({ organisation, signedIn, title, text, at, who, undo }: ReceiptPageProps) {
  return (
    <AdminDocument organisation={organisation} title={title} signedIn={signedIn}>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        Done on {moment(at)} UTC by {who}, and in the audit log. This page can be read again at any time.
      </p>
      {undo === null ? null : (
        <form method="post" action={undo.address}>
          {Object.entries(undo.fields).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <button type="submit" className="quiet">
            Take it back
          </button>
        </form>
      )}
      <p>
        <a className="go" href="/admin">
          To the desk
        </a>
      </p>
    </AdminDocument>
  );
}

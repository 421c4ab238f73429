import type { FormAction } from "@/components/admin/form-state";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { TimesShown } from "@/components/admin/TimesShown";

type ReceiptProps = {
  title: string;
  text: string;
  at: Date;
  who: string;
  /** What undoes it, and whether that is still possible; null if nothing does, or the reader may not. */
  undo: { action: FormAction; fields: Readonly<Record<string, string>>; isOpen: boolean } | null;
  /** Address of the campaign's overview. */
  overview: string;
};

/** Says what was done. Built from the audit log, so it can be opened again at any time. */
export function Receipt({ title, text, at, who, undo, overview }: ReceiptProps) {
  return (
    <>
      <h1>{title}</h1>
      <p>{text}</p>
      <p>
        Done on <Moment at={at} /> by {who}. It is in the audit log, and you can open this page again at any
        time.
      </p>
      <TimesShown />
      {undo === null ? null : (
        <RowForms name="undo" action={undo.action}>
          {undo.isOpen ? (
            <RowForm hidden={undo.fields}>
              <Submit className="quiet">Take it back</Submit>
            </RowForm>
          ) : null}
        </RowForms>
      )}
      <p>
        <a className="go" href={overview}>
          To the overview
        </a>
      </p>
    </>
  );
}

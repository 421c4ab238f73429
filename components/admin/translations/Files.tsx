"use client";

import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { FileField, Submit } from "@/components/admin/kit/fields";
import { FILE_TOO_LARGE } from "./file-words";

/** What came of a file: how many parts were saved, and why others were not. */
export type ImportReport = { saved: number; refused: readonly string[] };

type FilesProps = {
  address: string;
  locale: string;
  limitBytes: number;
  /** Null for those who may only look. */
  upload: FormAction<ImportReport> | null;
};

/** Takes a translation out for translators' tools, and in again. */
export function Files({ address, locale, limitBytes, upload }: FilesProps) {
  return (
    <>
      <h2>Translate in another tool</h2>
      <ul>
        <li>
          <a href={`${address}?format=xliff`} download>
            Download as XLIFF 1.2
          </a>
        </li>
        <li>
          <a href={`${address}?format=po`} download>
            Download as PO
          </a>
        </li>
      </ul>
      {upload === null ? null : (
        <DeskForm<ImportReport>
          name="import"
          action={upload}
          hidden={{ action: "import", locale }}
          label="Upload a translated file"
          show={(report) => <Report {...report} />}
        >
          <FileField
            name="file"
            label="Translated file"
            hint="XLIFF 1.2 or PO, as it was downloaded here. Parts whose original has changed meanwhile are not taken."
            accept=".xlf,.xliff,.po,application/xliff+xml,text/x-gettext-translation"
            limitBytes={limitBytes}
            tooLarge={FILE_TOO_LARGE}
            required
          />
          <Submit>Upload it</Submit>
        </DeskForm>
      )}
    </>
  );
}

function Report({ saved, refused }: ImportReport) {
  return (
    <div className="alert" role="status">
      <p>
        {saved === 0
          ? "Nothing in the file is new."
          : `${saved} ${saved === 1 ? "part is" : "parts are"} saved in the draft.`}
      </p>
      {refused.length === 0 ? null : (
        <>
          <p>These were not taken:</p>
          <ul>
            {refused.map((why) => (
              <li key={why}>{why}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

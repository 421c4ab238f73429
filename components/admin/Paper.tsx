import type { FormAction } from "@/components/admin/form-state";
import { PaperForm, type PaperReport } from "@/components/admin/PaperForm";

type PaperProps = {
  /** The required file extension. */
  extension: string;
  limitBytes: number;
  rowsMax: number;
  /** How long what was read is kept for the import. */
  draftMinutes: number;
  /** ISO date of the first day on which sheets were signed. */
  since: string;
  actions: { draft: FormAction<PaperReport>; import: FormAction };
};

/** Imports signatures collected on paper. */
export function Paper({ extension, limitBytes, rowsMax, draftMinutes, since, actions }: PaperProps) {
  return (
    <>
      <h1>Paper signatures</h1>
      <p>
        Here you import signatures collected on paper. Type them into a spreadsheet and save it as a{" "}
        <code>{extension}</code> file in UTF-8, separated by comma, semicolon or tab, with at most{" "}
        {limitBytes / 1024} KiB and {rowsMax.toLocaleString("en")} signatures. The first line names the
        columns: <code>name</code> and <code>country</code> (two letters, or the name in one of the site’s
        languages), and if you have them <code>email</code>, <code>locale</code>, <code>updates</code> (yes or
        no) and <code>signed</code> (such as 2026-11-24).
      </p>
      <p>
        Each signature counts as confirmed, because the person signed by hand. Nobody is sent an email. An
        address counts only once. Signatures without an address are not compared with each other.
      </p>
      <PaperForm
        extension={extension}
        limitBytes={limitBytes}
        draftMinutes={draftMinutes}
        since={since}
        draft={actions.draft}
        importDraft={actions.import}
      />
    </>
  );
}

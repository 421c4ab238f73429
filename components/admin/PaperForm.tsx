"use client";

import { counted } from "@/components/admin/counted";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { FileField, Submit, TextField } from "@/components/admin/kit/fields";
import { tooLargeOnPaper } from "@/components/admin/paper-words";
import { Wide } from "@/components/admin/Wide";

/** What a file contains. */
export type PaperReport = {
  /** Id of the draft that can be imported. */
  draft: string;
  /** Name of the file. */
  file: string;
  /** How many signatures an import adds. */
  signatures: number;
  /** How many addresses have signed already. */
  present: number;
  mistakes: { line: number; text: string }[];
  /** How many mistakes there are besides. */
  moreMistakes: number;
};

type PaperFormProps = {
  extension: string;
  limitBytes: number;
  draftMinutes: number;
  since: string;
  draft: FormAction<PaperReport>;
  importDraft: FormAction;
};

/** Asks for a file and shows what is in it, with the form that imports it. */
export function PaperForm(props: PaperFormProps) {
  const { extension, limitBytes, draftMinutes, since, draft, importDraft } = props;
  return (
    <DeskForm
      name="paper"
      action={draft}
      show={(report) => <Below report={report} minutes={draftMinutes} importDraft={importDraft} />}
      otherwise={<Below report={null} minutes={draftMinutes} importDraft={importDraft} />}
    >
      <FileField
        name="file"
        label="File"
        accept={`${extension},text/csv`}
        limitBytes={limitBytes}
        tooLarge={tooLargeOnPaper(limitBytes)}
        required
      />
      <TextField
        name="since"
        label="Signed since"
        hint="The first day on which people signed on paper. Lines with an earlier day are not imported."
        initial={since}
        type="date"
      />
      <Submit>Check the file</Submit>
      <p>Nothing is imported yet.</p>
    </DeskForm>
  );
}

type BelowProps = { report: PaperReport | null; minutes: number; importDraft: FormAction };

/**
 * What is in a file, and the form that imports it. The form is there even before a file was checked: without
 * JavaScript its answer comes with the page as it is first, and React hands it to the form in the same place.
 */
function Below({ report, minutes, importDraft }: BelowProps) {
  return (
    <>
      {report === null ? null : <Report {...report} />}
      <ImportForm report={report} minutes={minutes} importDraft={importDraft} />
    </>
  );
}

function Report({ file, signatures, present, mistakes, moreMistakes }: PaperReport) {
  return (
    <section>
      <h2>{counted(signatures, "signature")} can be imported</h2>
      <p>
        The file is <bdi>{file}</bdi>.
      </p>
      {present === 0 ? null : (
        <p>
          {present === 1
            ? "1 address in it has signed already. That signature stays as it is."
            : `${present.toLocaleString("en")} addresses in it have signed already. Their signatures stay as they are.`}
        </p>
      )}
      {mistakes.length === 0 ? null : (
        <>
          <p>
            These lines cannot be imported. Correct them in the file and choose it again, or import it without
            them.
          </p>
          <Mistakes mistakes={mistakes} />
          {moreMistakes === 0 ? null : <p>And {moreMistakes.toLocaleString("en")} more.</p>}
        </>
      )}
    </section>
  );
}

function Mistakes({ mistakes }: Pick<PaperReport, "mistakes">) {
  return (
    <Wide label="Lines that cannot be imported">
      <table>
        <thead>
          <tr>
            <th scope="col" className="n">
              Line
            </th>
            <th scope="col">What is wrong</th>
          </tr>
        </thead>
        <tbody>
          {mistakes.map(({ line, text }) => (
            <tr key={`${line} ${text}`}>
              <td className="n">{line}</td>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function ImportForm({ report, minutes, importDraft }: BelowProps) {
  return (
    <DeskForm name="import" action={importDraft} hidden={report === null ? {} : { draft: report.draft }}>
      {report === null || report.signatures === 0 ? null : (
        <>
          <Submit>
            Import {counted(report.signatures, "signature")}
            {report.mistakes.length === 0 ? "" : " and leave out the rest"}
          </Submit>
          <p>You can do so within {minutes} minutes. After that, what was read from the file is deleted.</p>
        </>
      )}
    </DeskForm>
  );
}

import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { counted } from "@/components/admin/counted";
import { Wide } from "@/components/admin/Wide";

type Surroundings = { organisation: string; signedIn: SignedIn };
type PaperPageProps = Surroundings & {
  /** The required file extension. */
  extension: string;
  limitKib: number;
  rowsMax: number;
  /** ISO date of the first day on which sheets were signed. */
  since: string;
  /** What is wrong with the file; null if nothing is. */
  mistake: string | null;
};

/** Asks for a file of signatures given on paper. */
export function PaperPage(props: PaperPageProps) {
  const { organisation, signedIn, extension, limitKib, rowsMax, since, mistake } = props;
  return (
    <AdminDocument organisation={organisation} title="Signatures on paper" signedIn={signedIn}>
      <h1>Import signatures given on paper</h1>
      {mistake === null ? null : (
        <p role="alert" id="errors">
          {mistake}
        </p>
      )}
      <p>
        A <code>{extension}</code> file in UTF-8 with comma, semicolon or tab, at most {limitKib} KiB and{" "}
        {rowsMax.toLocaleString("en")} signatures. Its first line names the columns: <code>name</code>,{" "}
        <code>country</code> (two letters, or the name in one of the site’s languages) and, where the sheets
        have them, <code>email</code>, <code>locale</code>, <code>updates</code> (yes or no) and{" "}
        <code>signed</code> (such as 2026-11-24).
      </p>
      <p>
        Each signature counts as confirmed, since a hand signed for it; nobody is sent a mail. An address
        counts once. Signatures without an address are not compared with each other.
      </p>
      <form method="post" action="/admin/paper" encType="multipart/form-data">
        <p>
          <label htmlFor="file">The file</label>
          <input id="file" name="file" type="file" accept={`${extension},text/csv`} required />
        </p>
        <p>
          <label htmlFor="since">Signed since</label>
          <input id="since" name="since" type="date" defaultValue={since} aria-describedby="since-hint" />
        </p>
        <p id="since-hint">
          The first day on which people signed on paper. A line with an earlier day is not imported.
        </p>
        <p>
          <button type="submit">Look through it</button> Nothing is imported yet.
        </p>
      </form>
    </AdminDocument>
  );
}

type PaperDraftPageProps = Surroundings & {
  draftId: string;
  signatures: number;
  present: number;
  draftMinutes: number;
  mistakes: { line: number; text: string }[];
};

/** Shows what a file contains, with errors line by line, before anything is imported. */
export function PaperDraftPage(props: PaperDraftPageProps) {
  const { organisation, signedIn, draftId, signatures, present, draftMinutes, mistakes } = props;
  return (
    <AdminDocument organisation={organisation} title="Signatures on paper" signedIn={signedIn}>
      <h1>{counted(signatures, "signature")} can be imported</h1>
      {present === 0 ? null : (
        <p>Addresses that have signed already, and are left as they are: {present.toLocaleString("en")}.</p>
      )}
      {mistakes.length === 0 ? null : (
        <>
          <p>These lines cannot be imported. Mend them in the file and choose it again, or leave them out.</p>
          <Wide label="Lines with mistakes">
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
        </>
      )}
      {signatures === 0 ? null : (
        <form method="post" action="/admin/paper">
          <input type="hidden" name="action" value="import" />
          <input type="hidden" name="draft" value={draftId} />
          <p>
            <button type="submit">
              {mistakes.length === 0
                ? "Import them"
                : `Import ${signatures.toLocaleString("en")}, leave the others out`}
            </button>{" "}
            Within {draftMinutes} minutes; then what was read is deleted.
          </p>
        </form>
      )}
      <p>
        <a href="/admin/paper">Choose another file</a>
      </p>
    </AdminDocument>
  );
}

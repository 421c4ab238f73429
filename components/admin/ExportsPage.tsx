import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { Wide } from "@/components/admin/Wide";
import { LOCALES, nativeNameOf } from "@/lib/i18n/locales";

type ExportRun = {
  id: string;
  state: string;
  format: string;
  actor: string;
  reason: string | null;
  rows: bigint;
  expectedRows: bigint | null;
  sha256: Uint8Array | null;
  startedAt: Date;
};

type ExportsPageProps = {
  organisation: string;
  signedIn: SignedIn;
  slug: string;
  countries: { code: string; name: string }[];
  runs: ExportRun[];
};

/** Asks what to export and why. A plain form: the file comes as a download, and the record below says whether it is whole. */
export function ExportsPage({ organisation, signedIn, slug, countries, runs }: ExportsPageProps) {
  return (
    <AdminDocument organisation={organisation} title="Exports" signedIn={signedIn} here="/admin/exports">
      <h1>Exports</h1>
      <form method="get" action={`/api/admin/petitions/${slug}/export`} className="filters">
        <Choice
          name="format"
          label="File"
          options={[
            ["csv", "CSV"],
            ["xlsx", "XLSX"],
            ["ndjson", "NDJSON"],
          ]}
        />
        <Choice
          name="status"
          label="Who"
          options={[
            ["confirmed", "confirmed"],
            ["pending", "not confirmed"],
            ["all", "all"],
          ]}
        />
        <Choice
          name="country"
          label="Country"
          options={[["", "any"], ...countries.map(({ code, name }): [string, string] => [code, name])]}
        />
        <Choice
          name="countryNames"
          label="Countries written as"
          options={[
            ["", "codes"],
            ...LOCALES.map((locale): [string, string] => [locale, nativeNameOf(locale)]),
          ]}
        />
        <Choice
          name="updates"
          label="Wants updates"
          options={[
            ["", "any"],
            ["yes", "yes"],
          ]}
        />
        <p>
          <label htmlFor="from">Signed from</label>
          <input id="from" name="from" type="date" />
        </p>
        <p>
          <label htmlFor="to">Signed before</label>
          <input id="to" name="to" type="date" />
        </p>
        <p>
          <label htmlFor="reason">What the file is for</label>
          <input
            id="reason"
            name="reason"
            type="text"
            minLength={5}
            maxLength={200}
            required
            aria-describedby="why"
          />
        </p>
        <p>
          <button type="submit">Export</button>
        </p>
      </form>
      <p id="why">The reason is kept in the audit log with your name. Write no names or addresses into it.</p>
      <h2>Last exports</h2>
      <p>
        A file is whole when its record says “finished” with as many rows. Compare its SHA-256 when it
        matters. <a href="/admin/exports">Look again</a>
      </p>
      <Wide label="Last exports">
        <table>
          <thead>
            <tr>
              {["Started (UTC)", "Who", "File", "State", "Rows", "Of", "Reason", "SHA-256"].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <tr key={run.id}>
                <td>{run.startedAt.toISOString().slice(0, 19).replace("T", " ")}</td>
                <td>{run.actor}</td>
                <td>{run.format}</td>
                <td>{run.state}</td>
                <td className="n">{run.rows.toLocaleString("en")}</td>
                <td className="n">
                  {run.expectedRows === null ? "–" : run.expectedRows.toLocaleString("en")}
                </td>
                <td>{run.reason ?? "–"}</td>
                <td>
                  <code>
                    {run.sha256 === null ? "–" : Buffer.from(run.sha256).toString("hex").slice(0, 16)}
                  </code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </AdminDocument>
  );
}

type ChoiceProps = { name: string; label: string; options: [string, string][] };

function Choice({ name, label, options }: ChoiceProps) {
  return (
    <p>
      <label htmlFor={name}>{label}</label>
      <select id={name} name={name}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </p>
  );
}

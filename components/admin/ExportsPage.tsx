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
      <details>
        <summary>Only some of them</summary>
        <form method="get" action={`/api/admin/petitions/${slug}/export`} className="filters">
          <Choice
            name="format"
            id="part-format"
            label="File"
            options={[
              ["csv", "CSV"],
              ["xlsx", "XLSX"],
              ["ndjson", "NDJSON"],
            ]}
          />
          <Choice
            name="status"
            id="part-status"
            label="Who"
            options={[
              ["confirmed", "confirmed"],
              ["pending", "not confirmed"],
              ["all", "all"],
            ]}
          />
          <p>
            <label htmlFor="part-country">Country</label>
            <select id="part-country" name="country" required>
              {countries.map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </select>
          </p>
          <Choice
            name="countryNames"
            label="Countries written out in"
            options={LOCALES.map((locale): [string, string] => [locale, nativeNameOf(locale)])}
          />
          <p>
            <label htmlFor="part-reason">What the file is for</label>
            <input id="part-reason" name="reason" type="text" minLength={5} maxLength={200} required />
          </p>
          <p>
            <button type="submit">Export these</button>
          </p>
        </form>
      </details>
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

type ChoiceProps = { name: string; id?: string; label: string; options: [string, string][] };

function Choice({ name, id = name, label, options }: ChoiceProps) {
  return (
    <p>
      <label htmlFor={id}>{label}</label>
      <select id={id} name={name}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </p>
  );
}

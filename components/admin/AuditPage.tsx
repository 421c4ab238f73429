import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";

type Entry = {
  sequence: bigint;
  at: Date;
  actorLabel: string;
  actorKind: string;
  action: string;
  detail: string;
};
type AuditPageProps = {
  organisation: string;
  signedIn: SignedIn;
  entries: Entry[];
  search: { actor: string; action: string; from: string; to: string };
  check: { ok: true; entries: number; head: string } | { ok: false; brokenAt: bigint };
  older: string | null;
  exportAddress: string;
};

/** The log, newest first, with whether its chain is whole. */
export function AuditPage({
  organisation,
  signedIn,
  entries,
  search,
  check,
  older,
  exportAddress,
}: AuditPageProps) {
  return (
    <AdminDocument organisation={organisation} title="Audit log" signedIn={signedIn} here="/admin/audit">
      <h1>Audit log</h1>
      {check.ok ? (
        <p>
          The chain is whole: {check.entries.toLocaleString("en")} entries, the last with the fingerprint{" "}
          <code className="secret">{check.head}</code>. Note it down elsewhere to prove later that nothing was
          cut off.
        </p>
      ) : (
        <p className="alert" role="alert">
          The chain is broken at entry {check.brokenAt.toString()}: somebody has changed, removed or added
          entries behind our back.
        </p>
      )}
      <form method="get" className="filters">
        {(["actor", "action", "from", "to"] as const).map((name) => (
          <p key={name}>
            <label htmlFor={name}>{FIELD_NAMES[name]}</label>
            <input
              id={name}
              name={name}
              type={name === "from" || name === "to" ? "date" : "text"}
              defaultValue={search[name]}
            />
          </p>
        ))}
        <p>
          <button type="submit">Search</button>
        </p>
      </form>
      <p>
        <a href={exportAddress}>Download these as CSV</a>
      </p>
      <div className="wide">
        <table>
          <thead>
            <tr>
              <th scope="col">No.</th>
              <th scope="col">Time (UTC)</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Detail</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.sequence.toString()}>
                <td className="n">{entry.sequence.toString()}</td>
                <td>{entry.at.toISOString().slice(0, 19).replace("T", " ")}</td>
                <td>
                  {entry.actorLabel} ({entry.actorKind})
                </td>
                <td>{entry.action}</td>
                <td>
                  <code>{entry.detail}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {older === null ? null : (
        <p>
          <a href={older}>Older entries</a>
        </p>
      )}
    </AdminDocument>
  );
}

const FIELD_NAMES = { actor: "Who", action: "What begins with", from: "From", to: "Before" } as const;

import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { Wide } from "@/components/admin/Wide";

type Entry = {
  id: string;
  /** Null for people who may not see all entries. */
  sequence: bigint | null;
  at: Date;
  actorLabel: string;
  actorKind: string;
  action: string;
  detail: string;
};
type Checked = {
  at: Date;
  who: string;
  check: { ok: true; entries: number | null; head: string | null } | { ok: false; brokenAt: bigint | null };
};
type AuditPageProps = {
  organisation: string;
  signedIn: SignedIn;
  entries: Entry[];
  search: { actor: string; action: string; from: string; to: string };
  /** Result of the last check of the chain; null if it was never checked. */
  checked: Checked | null;
  older: string | null;
  exportAddress: string;
};

/** The audit log, newest first, and whether its chain is intact. */
export function AuditPage({
  organisation,
  signedIn,
  entries,
  search,
  checked,
  older,
  exportAddress,
}: AuditPageProps) {
  return (
    <AdminDocument organisation={organisation} title="Audit log" signedIn={signedIn} here="/admin/audit">
      <h1>Audit log</h1>
      <Check checked={checked} />
      <form method="post" action="/admin/audit">
        <p>
          <button type="submit" className="quiet">
            Check the whole chain now
          </button>
        </p>
      </form>
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
      <Wide label="Entries">
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
              <tr key={entry.id}>
                <td className="n">{entry.sequence?.toString()}</td>
                <td>{entry.at.toISOString().slice(0, 19).replace("T", " ")}</td>
                <td>
                  {entry.actorLabel} ({entry.actorKind})
                </td>
                <td>{entry.action}</td>
                <td>
                  <code>{shortened(entry.detail)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {older === null ? null : (
        <p>
          <a href={older}>Older entries</a>
        </p>
      )}
    </AdminDocument>
  );
}

const FIELD_NAMES = { actor: "Who", action: "What begins with", from: "From", to: "Before" } as const;

/** The longest detail the page shows, in characters; the CSV has it in full. */
const SHOWN_CHARACTERS = 300;

function shortened(detail: string): string {
  return detail.length > SHOWN_CHARACTERS ? `${detail.slice(0, SHOWN_CHARACTERS)}…` : detail;
}

function Check({ checked }: { checked: Checked | null }) {
  if (checked === null) return <p>The chain of entries has not been checked yet.</p>;
  const { at, who, check } = checked;
  const when = `Checked ${at.toISOString().slice(0, 19).replace("T", " ")} UTC by ${who}.`;
  if (check.ok && (check.entries === null || check.head === null)) return <p>The chain is whole. {when}</p>;
  return check.ok ? (
    <p>
      The chain is whole: {check.entries?.toLocaleString("en")} entries, the last with the fingerprint{" "}
      <code className="secret">{check.head}</code>. Note it down elsewhere to prove later that nothing was cut
      off. {when}
    </p>
  ) : (
    <p className="alert" role="alert">
      The chain is broken{check.brokenAt === null ? "" : ` at entry ${check.brokenAt}`}: somebody has changed,
      removed or added entries behind our back. {when}
    </p>
  );
}

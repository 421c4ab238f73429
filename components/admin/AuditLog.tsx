import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { TimesShown } from "@/components/admin/TimesShown";
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
type AuditLogProps = {
  entries: readonly Entry[];
  search: Record<SearchField, string>;
  /** Result of the last check of the chain; null if it was never checked. */
  checked: Checked | null;
  /** Address of the next page; null if this is the last. */
  older: string | null;
  /** Address of the same entries as CSV. */
  file: string;
  /** Null for those who read the entries of single campaigns only. */
  check: FormAction | null;
};

const SEARCH_FIELDS = {
  actor: { label: "Who", type: "text" },
  action: { label: "What begins with", type: "text" },
  from: { label: "From (UTC)", type: "date" },
  to: { label: "Before (UTC)", type: "date" },
} as const;
type SearchField = keyof typeof SEARCH_FIELDS;

/** The audit log, newest first, and whether its chain is intact. */
export function AuditLog({ entries, search, checked, older, file, check }: AuditLogProps) {
  return (
    <>
      <h1>Audit log</h1>
      {check === null ? (
        <p>These are the entries that name a campaign in which you have a role.</p>
      ) : (
        <>
          <Check checked={checked} />
          <DeskForm name="check" action={check}>
            <Submit className="quiet">Check the whole chain now</Submit>
          </DeskForm>
        </>
      )}
      <Search search={search} />
      <p>
        <a href={file}>Download these as CSV</a>
      </p>
      <TimesShown />
      <p className="hint">The times in the CSV file are in UTC.</p>
      <Entries entries={entries} />
      {older === null ? null : (
        <p>
          <Link href={older} prefetch={false}>
            Older entries
          </Link>
        </p>
      )}
    </>
  );
}

/** A plain form, so that a search has an address. */
function Search({ search }: { search: Record<SearchField, string> }) {
  return (
    <form method="get" className="filters">
      {(Object.keys(SEARCH_FIELDS) as SearchField[]).map((name) => (
        <p key={name}>
          <label htmlFor={name}>{SEARCH_FIELDS[name].label}</label>
          <input id={name} name={name} type={SEARCH_FIELDS[name].type} defaultValue={search[name]} />
        </p>
      ))}
      <p>
        <button type="submit">Search</button>
      </p>
    </form>
  );
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  return (
    <Wide label="Entries">
      <table>
        <thead>
          <tr>
            <th scope="col">No.</th>
            <th scope="col">Time</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Detail</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td className="n">{entry.sequence?.toString()}</td>
              <td>
                <Moment at={entry.at} format="second" />
              </td>
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
  );
}

/** The longest detail the page shows, in characters; the CSV has it in full. */
const SHOWN_CHARACTERS = 300;

function shortened(detail: string): string {
  return detail.length > SHOWN_CHARACTERS ? `${detail.slice(0, SHOWN_CHARACTERS)}…` : detail;
}

function Check({ checked }: { checked: Checked | null }) {
  if (checked === null) return <p>The chain of entries has not been checked yet.</p>;
  const { at, who, check } = checked;
  const when = (
    <>
      Checked on <Moment at={at} format="second" /> by {who}.
    </>
  );
  if (check.ok && (check.entries === null || check.head === null)) return <p>The chain is whole. {when}</p>;
  return check.ok ? (
    <p>
      The chain is whole: it has {check.entries?.toLocaleString("en")} entries, and the fingerprint of the
      last is <code className="secret">{check.head}</code>. Write it down elsewhere, to prove later that no
      entries were cut off. {when}
    </p>
  ) : (
    <p className="alert" role="alert">
      The chain is broken{check.brokenAt === null ? "" : ` at entry ${check.brokenAt}`}. Somebody has changed,
      removed or added entries in the database. {when}
    </p>
  );
}

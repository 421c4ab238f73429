import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { type AlarmShown, Alarms } from "@/components/admin/Alarms";
import { Wide } from "@/components/admin/Wide";

export type LimitField = { name: string; label: string; value: number; least: number; most: number };

type LimitsPageProps = {
  organisation: string;
  signedIn: SignedIn;
  alarms: AlarmShown[];
  limits: LimitField[];
  options: { refuseDisposable: boolean; checkMailDomain: boolean };
  entries: {
    id: string;
    verdict: "block" | "allow";
    domain: string | null;
    network: string | null;
    note: string;
    createdAt: Date;
  }[];
  /** Total number of entries; only the newest are shown. */
  total: number;
  mistake: string | null;
  /** What was typed into the form for a new entry, kept after an error. */
  typed: { verdict: string; subject: string; note: string };
};

/** Rate limits, blocked senders and allowed senders, who skip all limits; for owners. */
export function LimitsPage(props: LimitsPageProps) {
  const { organisation, signedIn, alarms, limits, options, entries, total, mistake, typed } = props;
  return (
    <AdminDocument organisation={organisation} title="Limits" signedIn={signedIn} here="/admin/limits">
      <h1>Limits</h1>
      {mistake === null ? null : (
        <p className="alert" role="alert">
          {mistake}
        </p>
      )}
      <Alarms alarms={alarms} />
      <h2>How many may sign</h2>
      <p>
        Beyond a limit nobody is turned away for good: a browser is given a piece of work that takes it a few
        seconds, and one signature a minute gets through without. Each change is in the audit log.
      </p>
      <form method="post">
        <input type="hidden" name="action" value="set" />
        <div className="filters">
          {limits.map(({ name, label, value, least, most }) => (
            <p key={name}>
              <label htmlFor={name}>From {label}</label>
              <input
                id={name}
                name={name}
                type="number"
                min={least}
                max={most}
                required
                defaultValue={value}
              />
            </p>
          ))}
        </div>
        <Option
          name="refuseDisposable"
          label="Refuse addresses of providers that give away mailboxes for minutes"
          on={options.refuseDisposable}
        />
        <Option
          name="checkMailDomain"
          label="Refuse addresses whose domain takes no mail, as its DNS says"
          on={options.checkMailDomain}
        />
        <button type="submit">Set</button>
      </form>
      <h2>Lists</h2>
      <p>
        Who is allowed is held up by no limit. From a blocked network, “too many tries” is all one hears;
        addresses of a blocked domain are asked for another address; a blocked address is answered like any
        other, and nothing is kept. Of addresses only a keyed hash is kept: write into the note what you need
        to know them by.
      </p>
      <form method="post" className="filters">
        <input type="hidden" name="action" value="add" />
        <p>
          <label htmlFor="subject">Address, domain or network</label>
          <input id="subject" name="subject" type="text" required defaultValue={typed.subject} />
        </p>
        <p>
          <label htmlFor="verdict">What to do</label>
          <select id="verdict" name="verdict" defaultValue={typed.verdict}>
            <option value="block">block</option>
            <option value="allow">allow</option>
          </select>
        </p>
        <p>
          <label htmlFor="note">Note</label>
          <input id="note" name="note" type="text" maxLength={200} defaultValue={typed.note} />
        </p>
        <p>
          <button type="submit">Put on the list</button>
        </p>
      </form>
      {entries.length === 0 ? (
        <p>Nothing is on the lists.</p>
      ) : (
        <Entries entries={entries} hidden={total - entries.length} />
      )}
    </AdminDocument>
  );
}

function Option({ name, label, on }: { name: string; label: string; on: boolean }) {
  return (
    <div className="tick">
      <input id={name} name={name} type="checkbox" value="yes" defaultChecked={on} />
      <label htmlFor={name}>{label}</label>
    </div>
  );
}

function Entries({ entries, hidden }: { entries: LimitsPageProps["entries"]; hidden: number }) {
  return (
    <>
      <Wide label="Lists">
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Verdict</th>
              <th scope="col">Note</th>
              <th scope="col">Since (UTC)</th>
              <td />
            </tr>
          </thead>
          <tbody>
            {entries.map(({ id, verdict, domain, network, note, createdAt }) => (
              <tr key={id}>
                <th scope="row">{domain ?? network ?? "an address"}</th>
                <td>{verdict}</td>
                <td>{note}</td>
                <td>{createdAt.toISOString().slice(0, 16).replace("T", " ")}</td>
                <td>
                  <form method="post" className="inline">
                    <input type="hidden" name="action" value="remove" />
                    <input type="hidden" name="entry" value={id} />
                    <button type="submit" className="quiet">
                      Take off
                    </button>
                  </form>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {hidden > 0 ? <p>And {hidden.toLocaleString("en")} older ones.</p> : null}
    </>
  );
}

import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { CountryChoice } from "@/components/admin/CountryChoice";
import { counted } from "@/components/admin/counted";
import { day, moment } from "@/components/admin/moment";
import { ReasonChoice } from "@/components/admin/ReasonChoice";
import { Wide } from "@/components/admin/Wide";
import { LOCALES } from "@/lib/i18n/locales";

export type ShownSignatory = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  state: string;
  source: string;
  wantsUpdates: boolean;
  publicName: boolean;
  ref: string | null;
  signedAt: Date;
  confirmedAt: Date | null;
};

export type FilterFields = Record<
  "state" | "country" | "locale" | "updates" | "source" | "from" | "to" | "show" | "group",
  string
>;

type SignatoriesPageProps = {
  organisation: string;
  signedIn: SignedIn;
  signatories: ShownSignatory[];
  /** The search term; null if there was no search. */
  find: string | null;
  filter: FilterFields;
  countries: { code: string; name: string }[];
  /** Links to earlier and later ones; null if there are none. */
  earlier: string | null;
  later: string | null;
  /** The address searched for, if mail to it is suppressed. */
  suppressed: (ShownSuppression & { address: string }) | null;
  /** Bulk actions that can still be undone. */
  undoable: { jobId: string; at: Date; actorLabel: string; reason: string; signatures: number }[];
  reasons: readonly string[];
  atOnce: number;
};

/**
 * Signatories, newest first. The search for one person is a POST, so that names and addresses stay out of
 * URLs.
 */
export function SignatoriesPage(props: SignatoriesPageProps) {
  const { organisation, signedIn, signatories, filter, countries, earlier, later, reasons, atOnce } = props;
  const { undoable, find, suppressed } = props;
  const mayChange = signedIn.role === "owner";
  return (
    <AdminDocument
      organisation={organisation}
      title="Signatories"
      signedIn={signedIn}
      here="/admin/signatories"
    >
      <h1>Signatories</h1>
      <form method="post" action="/admin/signatories" className="filters">
        <p>
          <label htmlFor="find">A whole address or a whole name</label>
          <input
            id="find"
            name="find"
            type="text"
            dir="auto"
            autoComplete="off"
            required
            defaultValue={find ?? ""}
          />
        </p>
        <p>
          <button type="submit">Search</button>
        </p>
      </form>
      {suppressed === null ? null : (
        <section aria-labelledby="suppressed">
          <h2 id="suppressed">No mail is sent to this address</h2>
          <p>
            Suppressed since {day(suppressed.since)}: {suppressed.why}.
          </p>
          {mayChange ? (
            <form method="post" action="/admin/signatories">
              <input type="hidden" name="action" value="lift" />
              <input type="hidden" name="find" value={suppressed.address} />
              <p>
                <button type="submit" className="quiet">
                  Allow mail again
                </button>{" "}
                Only when the person asks you to. Nothing is sent now.
              </p>
            </form>
          ) : null}
        </section>
      )}
      {mayChange ? (
        <p>
          <a href="/admin/paper">Import signatures given on paper</a>
        </p>
      ) : null}
      {undoable.length === 0 ? null : (
        <section aria-labelledby="undoable">
          <h2 id="undoable">Done within the hour</h2>
          <ul>
            {undoable.map(({ jobId, at, actorLabel, reason, signatures }) => (
              <li key={jobId}>
                {moment(at)} UTC, {actorLabel}: {counted(signatures, "signature")}, {reason}{" "}
                <Undo jobId={jobId} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <form method="get" action="/admin/signatories" className="filters">
        {filter.group === "" ? null : (
          <p>
            <input type="hidden" name="group" value={filter.group} />
            One group of the <a href="/admin/review">likely fakes</a>
          </p>
        )}
        <Choice
          name="state"
          label="Status"
          value={filter.state}
          options={["pending", "confirmed", "invalid"]}
        />
        <CountryChoice value={filter.country} countries={countries} />
        <Choice name="locale" label="Language" value={filter.locale} options={[...LOCALES]} />
        <Choice name="updates" label="Wants updates" value={filter.updates} options={["yes"]} />
        <Choice name="source" label="Signed on" value={filter.source} options={["web", "paper"]} />
        <Choice name="show" label="Choose all, up to" value={filter.show} options={[String(atOnce)]} />
        <p>
          <label htmlFor="from">From</label>
          <input id="from" name="from" type="date" defaultValue={filter.from} />
        </p>
        <p>
          <label htmlFor="to">Before</label>
          <input id="to" name="to" type="date" defaultValue={filter.to} />
        </p>
        <p>
          <button type="submit">Filter</button>
        </p>
      </form>
      {mayChange ? <form method="post" action="/admin/signatories/bulk" id="bulk" /> : null}
      <Wide label="Signatories">
        <table>
          <thead>
            <tr>
              {mayChange ? <th scope="col">Choose</th> : null}
              {["Name", "Address", "Country", "Language", "Status", "Signed (UTC)", "Confirmed (UTC)"].map(
                (name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {signatories.map((one) => (
              <tr key={one.id}>
                {mayChange ? (
                  <td>
                    <input
                      type="checkbox"
                      name={`id.${one.id}`}
                      value="yes"
                      form="bulk"
                      aria-label={`Choose ${one.name}`}
                      defaultChecked={filter.show !== ""}
                    />
                  </td>
                ) : null}
                <th scope="row">
                  <a href={`/admin/signatories/${one.id}`}>
                    <bdi>{one.name}</bdi>
                  </a>
                </th>
                <td>
                  <bdi>{one.email}</bdi>
                </td>
                <td>{one.country}</td>
                <td>{one.locale}</td>
                <td>{one.state}</td>
                <td>{moment(one.signedAt)}</td>
                <td>{moment(one.confirmedAt)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
      {signatories.length > 0 ? null : find === null ? (
        <p>Nobody is found. Take a condition away, or choose an earlier day.</p>
      ) : (
        <NobodyFound />
      )}
      {mayChange && signatories.length > 0 ? (
        <section>
          <h2>With those chosen</h2>
          <p>
            <ReasonChoice reasons={reasons} form="bulk" />{" "}
            <button type="submit" form="bulk" name="action" value="invalid" className="quiet">
              Mark invalid
            </button>{" "}
            They are kept, and no longer count; this can be taken back.
          </p>
          <p>
            <button type="submit" form="bulk" name="action" value="withdraw" className="quiet">
              Withdraw
            </button>{" "}
            They no longer count at once, and are deleted after an hour with all that belongs to them; until
            then this can be taken back.
          </p>
          <p>
            <button type="submit" form="bulk" name="action" value="resend" className="quiet">
              Send the mail again
            </button>{" "}
            To each at most once an hour. What was sent cannot be taken back.
          </p>
        </section>
      ) : null}
      <p>
        {later === null ? null : <a href={later}>Later signatories</a>}{" "}
        {earlier === null ? null : <a href={earlier}>Earlier signatories</a>}
      </p>
    </AdminDocument>
  );
}

/** What to try when a search finds nobody. */
function NobodyFound() {
  return (
    <section aria-labelledby="nobody">
      <h2 id="nobody">Nobody is found</h2>
      <p>Only a whole address or a whole name is found, since neither is stored readable. You could try</p>
      <ul>
        <li>the other one: the address in place of the name, or the name in place of the address,</li>
        <li>the name as it may have been typed: in another script, with all its parts, or with fewer,</li>
        <li>another address of the same person,</li>
        <li>
          <a href="/admin/signatories">the list</a>, by country, language and day.
        </li>
      </ul>
      <p>It may also be that the person has not signed, has withdrawn, or never confirmed within a week.</p>
    </section>
  );
}

function Choice({
  name,
  label,
  value,
  options,
}: {
  name: string;
  label: string;
  value: string;
  options: string[];
}) {
  return (
    <p>
      <label htmlFor={name}>{label}</label>
      <select id={name} name={name} defaultValue={value}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </p>
  );
}

type SignatoryPageProps = {
  organisation: string;
  signedIn: SignedIn;
  signatory: ShownSignatory;
  /** Why it does not count; null if it is valid. */
  invalidity: { reason: string; actorLabel: string; at: Date; deleteAt: Date | null } | null;
  reasons: readonly string[];
  history: { at: Date; what: string }[];
  /** Since when they want only mail they ask for. */
  unsubscribedAt: Date | null;
  suppressed: ShownSuppression | null;
};

/** Since when and why a mailbox gets no mail. */
export type ShownSuppression = { since: Date; why: string };

/** One signatory: what happened, and what an owner can do about it. */
export function SignatoryPage(props: SignatoryPageProps) {
  const { organisation, signedIn, signatory, invalidity, reasons, history, suppressed, unsubscribedAt } =
    props;
  const facts: [string, string][] = [
    ["Address", signatory.email],
    ["Country", signatory.country],
    ["Language", signatory.locale],
    ["Status", signatory.state],
    ["Signed on", signatory.source],
    ["Signed (UTC)", moment(signatory.signedAt)],
    ["Confirmed (UTC)", moment(signatory.confirmedAt)],
    ["Wants updates", signatory.wantsUpdates ? "yes" : "no"],
    ["Name may be shown", signatory.publicName ? "yes" : "no"],
    ["Came by", signatory.ref ?? "–"],
    ["Mail", mailState(suppressed, unsubscribedAt)],
  ];
  return (
    <AdminDocument
      organisation={organisation}
      title="Signatory"
      signedIn={signedIn}
      here="/admin/signatories"
    >
      <h1>
        <bdi>{signatory.name}</bdi>
      </h1>
      <table>
        <tbody>
          {facts.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <bdi>{value}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <h2>What happened</h2>
      <ol id="history">
        {history.map(({ at, what }) => (
          <li key={`${at.getTime()} ${what}`}>
            {moment(at)}: {what}
          </li>
        ))}
      </ol>
      {signedIn.role === "owner" ? (
        <>
          <h2>What you can do</h2>
          {suppressed === null ? null : (
            <Act
              action="lift"
              name="Allow mail again"
              text="Only when the person asks you to. Nothing is sent now."
            />
          )}
          <Act
            action="resend"
            name="Send the mail again"
            text="The confirmation once more, or the link to their page."
          />
          {invalidity === null ? (
            <form method="post">
              <input type="hidden" name="action" value="invalid" />
              <p>
                <ReasonChoice reasons={reasons} />{" "}
                <button type="submit" className="quiet">
                  Mark invalid
                </button>{" "}
                It is kept, and no longer counts; this can be taken back.
              </p>
            </form>
          ) : (
            <Act
              action="restore"
              name="Take the mark back"
              text={
                invalidity.deleteAt === null
                  ? `It was marked invalid: ${invalidity.reason}. It becomes what it was before.`
                  : `It is deleted for good after ${moment(invalidity.deleteAt)} UTC. It becomes what it was before.`
              }
            />
          )}
          <Act
            action="withdraw"
            name="Withdraw"
            text="The signature and all that belongs to it are deleted for good."
          />
          <Act action="erase" name="Erase" text="The same, and the address is never mailed again." />
        </>
      ) : null}
    </AdminDocument>
  );
}

function mailState(suppressed: ShownSuppression | null, unsubscribedAt: Date | null): string {
  if (suppressed) return `suppressed since ${day(suppressed.since)}: ${suppressed.why}`;
  if (unsubscribedAt)
    return `unsubscribed on ${moment(unsubscribedAt)} UTC: only what they ask for themselves is sent`;
  return "is sent";
}

function Act({ action, name, text }: { action: string; name: string; text: string }) {
  return (
    <form method="post">
      <input type="hidden" name="action" value={action} />
      <p>
        <button type="submit" className="quiet">
          {name}
        </button>{" "}
        {text}
      </p>
    </form>
  );
}

function Undo({ jobId }: { jobId: string }) {
  return (
    <form method="post" action="/admin/signatories/bulk" className="inline">
      <input type="hidden" name="action" value="undo" />
      <input type="hidden" name="job" value={jobId} />
      <button type="submit" className="quiet">
        Take it back
      </button>
    </form>
  );
}

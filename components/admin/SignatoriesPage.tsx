import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { LOCALES } from "@/lib/i18n/locales";

export type ShownSignatory = {
  id: string;
  name: string;
  email: string;
  country: string;
  locale: string;
  state: string;
  wantsUpdates: boolean;
  publicName: boolean;
  ref: string | null;
  signedAt: Date;
  confirmedAt: Date | null;
};

export type FilterFields = Record<"state" | "country" | "locale" | "updates" | "from" | "to", string>;

type SignatoriesPageProps = {
  organisation: string;
  signedIn: SignedIn;
  signatories: ShownSignatory[];
  filter: FilterFields;
  countries: { code: string; name: string }[];
  next: string | null;
};

const moment = (at: Date | null) => (at === null ? "–" : at.toISOString().slice(0, 16).replace("T", " "));

/** Who signed, newest first. The search for one person is a post: no name and no address gets into an address. */
export function SignatoriesPage(props: SignatoriesPageProps) {
  const { organisation, signedIn, signatories, filter, countries, next } = props;
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
          <input id="find" name="find" type="text" dir="auto" autoComplete="off" required />
        </p>
        <p>
          <button type="submit">Search</button>
        </p>
      </form>
      <form method="get" action="/admin/signatories" className="filters">
        <Choice name="state" label="Status" value={filter.state} options={["pending", "confirmed"]} />
        <p>
          <label htmlFor="country">Country</label>
          <select id="country" name="country" defaultValue={filter.country}>
            <option value="">any</option>
            {countries.map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </p>
        <Choice name="locale" label="Language" value={filter.locale} options={[...LOCALES]} />
        <Choice name="updates" label="Wants updates" value={filter.updates} options={["yes"]} />
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
      <div className="wide">
        <table>
          <thead>
            <tr>
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
      </div>
      {signatories.length === 0 ? <p>Nobody is found.</p> : null}
      {next === null ? null : (
        <p>
          <a href={next}>Earlier signatories</a>
        </p>
      )}
    </AdminDocument>
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
  history: { at: Date; what: string }[];
};

/** One signatory, what happened, and what an owner can do about it. */
export function SignatoryPage({ organisation, signedIn, signatory, history }: SignatoryPageProps) {
  const facts: [string, string][] = [
    ["Address", signatory.email],
    ["Country", signatory.country],
    ["Language", signatory.locale],
    ["Status", signatory.state],
    ["Signed (UTC)", moment(signatory.signedAt)],
    ["Confirmed (UTC)", moment(signatory.confirmedAt)],
    ["Wants updates", signatory.wantsUpdates ? "yes" : "no"],
    ["Name may be shown", signatory.publicName ? "yes" : "no"],
    ["Came by", signatory.ref ?? "–"],
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
          <Act
            action="resend"
            name="Send the mail again"
            text="The confirmation once more, or the link to their page."
          />
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

import type { ReactNode } from "react";
import { AdminDocument, type AdminDocumentProps, type SignedIn } from "@/components/admin/AdminDocument";
import { Wide } from "@/components/admin/Wide";
import {
  COLUMN_FIELD,
  EXPORT_COLUMNS,
  EXPORT_FORMATS,
  REASON_MAX_CHARACTERS,
  REASON_MIN_CHARACTERS,
  SETTINGS_NAME_MAX_CHARACTERS,
} from "@/lib/export";
import { LOCALES, nativeNameOf } from "@/lib/i18n/locales";

type ExportRun = {
  id: string;
  state: string;
  format: string;
  actorLabel: string;
  reason: string | null;
  rows: bigint;
  expectedRows: bigint | null;
  sha256: Uint8Array | null;
  startedAt: Date;
};

/** An error in a submitted form: the parameter, and a message that reads on from its name. */
export type Mistake = { parameter: string; message: string; form?: "packet" };

type ExportsPageProps = Pick<AdminDocumentProps, "organisation" | "script"> & {
  signedIn: SignedIn;
  countries: { code: string; name: string }[];
  /** The choices so far, in the format of the export's address. */
  query: URLSearchParams;
  /** The name typed for saving the choices. */
  name: string;
  mistake: Mistake | null;
  /** True if the last authenticator code is too old for an export. */
  askCode: boolean;
  saved: { id: string; name: string; query: string; savedBy: string }[];
  runs: ExportRun[];
};

/** How often the list of exports is refreshed, in seconds: somebody is watching a file grow. */
const RUNS_REFRESH_SECONDS = 2;

const LABELS: Record<string, string> = {
  format: "File",
  status: "Who",
  country: "Country",
  countryNames: "Countries written as",
  updates: "Wants updates",
  from: "Signed from",
  to: "Signed before",
  columns: "Columns",
  reason: "What the file is for",
  code: "Authenticator code",
  name: "Name for these choices",
};

const COLUMN_NAMES: Record<(typeof EXPORT_COLUMNS)[number], string> = {
  id: "number",
  name: "name",
  email: "address",
  country: "country",
  locale: "language",
  status: "status",
  updates: "wants updates",
  publicName: "name may be shown",
  consentVersion: "consent text",
  signedAt: "signed",
  confirmedAt: "confirmed",
  ref: "share code",
};

/**
 * Asks what to export and why. A plain form: the file arrives as a download, and the list below it shows
 * whether the export is complete.
 */
export function ExportsPage(props: ExportsPageProps) {
  const { organisation, script, signedIn, countries, query, name, mistake, askCode, saved, runs } = props;
  const value = (parameter: string) => query.get(parameter) ?? "";
  const inPacket = mistake?.form === "packet" ? mistake : null;
  const field = (parameter: string) => ({
    parameter,
    value: value(parameter),
    mistake: inPacket === null ? mistake : null,
  });
  return (
    <AdminDocument
      organisation={organisation}
      title="Exports"
      signedIn={signedIn}
      here="/admin/exports"
      {...(script ? { script } : {})}
    >
      <h1>Exports</h1>
      <p>
        Before you hand the petition over: <a href="/admin/review">look through the likely fakes</a>
      </p>
      {mistake === null ? null : (
        // biome-ignore lint/a11y/noAutofocus: after a refused form the reader must land on what went wrong.
        <div className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
          <h2>Please put this right</h2>
          <p>
            <a href={`#${mistake.form ? `${mistake.form}-` : ""}${mistake.parameter}`}>{sentence(mistake)}</a>
          </p>
        </div>
      )}
      <form method="post" action="/admin/exports">
        <div className="filters">
          <Choice {...field("format")} options={EXPORT_FORMATS.map((one) => [one, one.toUpperCase()])} />
          <Choice
            {...field("status")}
            options={[
              ["confirmed", "confirmed"],
              ["pending", "not confirmed"],
              ["all", "all"],
            ]}
          />
          <Choice
            {...field("country")}
            options={[["", "any"], ...countries.map(({ code, name }): [string, string] => [code, name])]}
          />
          <Choice
            {...field("countryNames")}
            options={[
              ["", "codes"],
              ...LOCALES.map((locale): [string, string] => [locale, nativeNameOf(locale)]),
            ]}
          />
          <Choice
            {...field("updates")}
            options={[
              ["", "any"],
              ["yes", "yes"],
            ]}
          />
          <Day {...field("from")} />
          <Day {...field("to")} />
        </div>
        <fieldset id="columns" className="columns">
          <legend>{LABELS.columns}</legend>
          {columnsOf(value("columns")).map(([column, chosen]) => (
            <span key={column} className="tick">
              <input
                type="checkbox"
                id={`${COLUMN_FIELD}${column}`}
                name={`${COLUMN_FIELD}${column}`}
                value="yes"
                defaultChecked={chosen}
              />
              <label htmlFor={`${COLUMN_FIELD}${column}`}>{COLUMN_NAMES[column]}</label>
            </span>
          ))}
        </fieldset>
        <div className="filters">
          <Field {...field("reason")}>
            <input
              {...attributes(field("reason"), "why")}
              type="text"
              minLength={REASON_MIN_CHARACTERS}
              maxLength={REASON_MAX_CHARACTERS}
              required
            />
          </Field>
          {askCode ? (
            <Field {...field("code")}>
              <input
                {...attributes({ ...field("code"), value: "" }, "code-hint")}
                type="text"
                autoComplete="one-time-code"
                required
              />
            </Field>
          ) : null}
          <p>
            <button type="submit" name="action" value="export">
              Export
            </button>
          </p>
        </div>
        <p className="hint" id="why">
          The reason is kept in the audit log with your name. Write no names or addresses into it.
        </p>
        {askCode ? (
          <p className="hint" id="code-hint">
            Your last code is more than a quarter of an hour old: an export needs a new one, six digits from
            the app or a recovery code.
          </p>
        ) : null}
        <div className="filters">
          <Field {...field("name")}>
            <input
              {...attributes({ ...field("name"), value: name }, "name-hint")}
              type="text"
              maxLength={SETTINGS_NAME_MAX_CHARACTERS}
            />
          </Field>
          <p>
            <button type="submit" name="action" value="save" formNoValidate className="quiet">
              Save these choices
            </button>
          </p>
        </div>
        <p className="hint" id="name-hint">
          For everybody who may export. A name that is there already stands for the new choices then. The
          reason is not saved.
        </p>
      </form>
      {saved.length === 0 ? null : (
        <>
          <h2>Saved choices</h2>
          <ul id="saved">
            {saved.map((one) => (
              <li key={one.id}>
                <a href={`/admin/exports?${one.query}`}>
                  <bdi>{one.name}</bdi>
                </a>{" "}
                <small>{one.savedBy}</small>{" "}
                <form method="post" action="/admin/exports" className="inline">
                  <input type="hidden" name="id" value={one.id} />
                  <button
                    type="submit"
                    name="action"
                    value="delete"
                    className="quiet"
                    aria-label={`Delete ${one.name}`}
                  >
                    Delete
                  </button>
                </form>
              </li>
            ))}
          </ul>
        </>
      )}
      <PacketForm askCode={askCode} mistake={inPacket} reason={value("reason")} names={value("names")} />
      <section data-refresh={RUNS_REFRESH_SECONDS}>
        <h2>Last exports</h2>
        <p>
          A file is whole when its record says “finished” with as many rows. Compare its SHA-256 when it
          matters. <a href="/admin/exports">Look again</a>
        </p>
        <Runs runs={runs} />
      </section>
    </AdminDocument>
  );
}

type PacketFormProps = { askCode: boolean; mistake: Mistake | null; reason: string; names: string };

/** Asks for the PDF used to hand the petition over. */
function PacketForm({ askCode, mistake, reason, names }: PacketFormProps) {
  const field = (parameter: string, value = "") => ({ parameter, value, mistake, form: "packet" as const });
  return (
    <form method="post" action="/admin/exports">
      <h2>For handing the petition over</h2>
      <p>
        A PDF to print: a cover, the call in four languages, confirmed signatures by country, as the public
        may know them, and by day.
      </p>
      <p className="tick">
        <input type="checkbox" id="packet-names" name="names" value="yes" defaultChecked={names === "yes"} />
        <label htmlFor="packet-names">
          With the first names, or first letters, of those who chose to be shown on the page. Nobody agreed to
          more.
        </label>
      </p>
      <div className="filters">
        <Field {...field("reason", reason)}>
          <input
            {...attributes(field("reason", reason), "why")}
            type="text"
            minLength={REASON_MIN_CHARACTERS}
            maxLength={REASON_MAX_CHARACTERS}
            required
          />
        </Field>
        {askCode ? (
          <Field {...field("code")}>
            <input
              {...attributes(field("code"), "code-hint")}
              type="text"
              autoComplete="one-time-code"
              required
            />
          </Field>
        ) : null}
        <p>
          <button type="submit" name="action" value="packet">
            Make the packet
          </button>
        </p>
      </div>
    </form>
  );
}

function Runs({ runs }: { runs: ExportRun[] }) {
  return (
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
              <td>{run.actorLabel}</td>
              <td>{run.format}</td>
              <td>{STATES[run.state] ?? run.state}</td>
              <td className="n">{run.rows.toLocaleString("en")}</td>
              <td className="n">{run.expectedRows === null ? "–" : run.expectedRows.toLocaleString("en")}</td>
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
  );
}

const STATES: Record<string, string> = {
  running: "running",
  finished: "finished",
  aborted: "broken off by the reader",
  failed: "failed",
};

function sentence({ parameter, message }: Mistake): string {
  return `${LABELS[parameter] ?? parameter} ${message}.`;
}

/** Returns every column, the chosen ones first and in their order. */
function columnsOf(list: string): [(typeof EXPORT_COLUMNS)[number], boolean][] {
  if (list === "") return EXPORT_COLUMNS.map((column) => [column, true]);
  const named = list.split(",");
  const chosen = EXPORT_COLUMNS.filter((column) => named.includes(column)).sort(
    (one, other) => named.indexOf(one) - named.indexOf(other),
  );
  const others = EXPORT_COLUMNS.filter((column) => !named.includes(column));
  return [
    ...chosen.map((column): [typeof column, boolean] => [column, true]),
    ...others.map((column): [typeof column, boolean] => [column, false]),
  ];
}

type FieldProps = { parameter: string; value: string; mistake: Mistake | null; form?: "packet" };

/** Prefixed in the second form, since both forms have fields of the same name. */
const idOf = ({ parameter, form }: FieldProps) => (form === undefined ? parameter : `${form}-${parameter}`);

/** Returns the attributes that link an input to its label, hint and error. */
function attributes(field: FieldProps, hint?: string) {
  const { parameter, value, mistake } = field;
  const id = idOf(field);
  const wrong = mistake?.parameter === parameter;
  const described = [hint ?? "", wrong ? `${id}-error` : ""].filter(Boolean).join(" ");
  return {
    id,
    name: parameter,
    defaultValue: value,
    ...(described === "" ? {} : { "aria-describedby": described }),
    ...(wrong ? { "aria-invalid": true } : {}),
  };
}

function Field({ children, ...field }: FieldProps & { children: ReactNode }) {
  const { parameter, mistake } = field;
  const id = idOf(field);
  return (
    <div>
      <label htmlFor={id}>{LABELS[parameter]}</label>
      {mistake?.parameter === parameter ? (
        <p className="err" id={`${id}-error`}>
          {sentence(mistake)}
        </p>
      ) : null}
      {children}
    </div>
  );
}

function Choice({ options, ...field }: FieldProps & { options: [string, string][] }) {
  return (
    <Field {...field}>
      <select {...attributes(field)}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** A date field; a time given in the address is kept as it was. */
function Day(field: FieldProps) {
  return (
    <Field {...field}>
      <input {...attributes(field)} type={/^(\d{4}-\d\d-\d\d)?$/.test(field.value) ? "date" : "text"} />
    </Field>
  );
}

import { AdminDocument, type AdminDocumentProps } from "@/components/admin/AdminDocument";
import { FigureTable } from "@/components/admin/FigureTable";
import { MailAlarm, type MailTroubleShown } from "@/components/admin/MailAlarm";
import { SignaturesChart } from "@/components/charts/SignaturesChart";

type PublishedDeskPageProps = Pick<AdminDocumentProps, "organisation" | "script"> & {
  signedIn: NonNullable<AdminDocumentProps["signedIn"]>;
  headline: string;
  goal: number;
  figures: {
    confirmed: number;
    hours: { at: Date; confirmed: number }[];
    days: { at: Date; confirmed: number }[];
    countries: { key: string; confirmed: number }[];
    pausedUntil: Date | null;
    trouble: MailTroubleShown;
  };
  exports: { at: Date; who: string; detail: string }[];
};

const count = (number: number) => number.toLocaleString("en");

/** The desk for viewers: published figures, which do not reveal when one person signed or from where. */
export function PublishedDeskPage(props: PublishedDeskPageProps) {
  const { organisation, script, signedIn, headline, goal, figures, exports } = props;
  const { confirmed, hours, days, countries, pausedUntil, trouble } = figures;
  return (
    <AdminDocument
      organisation={organisation}
      title="Desk"
      signedIn={signedIn}
      here="/admin"
      {...(script ? { script } : {})}
    >
      <h1>{headline}</h1>
      <p>
        These are the published figures. They move in steps of several signatures, so that nobody can tell
        when one person signed. Exporters and owners see exact ones.
      </p>
      <ul className="tiles">
        <li>
          <b>{count(confirmed)}</b>
          confirmed
        </li>
        <li>
          <b>{((100 * confirmed) / goal).toFixed(1)} %</b>
          {`of the goal of ${count(goal)}`}
        </li>
      </ul>
      <MailAlarm trouble={trouble} role={signedIn.role} />
      <h2>Over time</h2>
      <div className="pair">
        <SignaturesChart title="The last two days, by hour" unit="hour" buckets={hours} />
        <SignaturesChart title="The last two months, by day" unit="day" buckets={days} />
      </div>
      <h2>By country</h2>
      {countries.length === 0 ? (
        <p>Nobody has signed yet.</p>
      ) : (
        <FigureTable
          label="By country"
          words={["country"]}
          figures={["Confirmed"]}
          rows={countries.map(({ key, confirmed: signatures }) => ({
            words: [key],
            figures: [count(signatures)],
          }))}
        />
      )}
      {pausedUntil !== null && pausedUntil > new Date() ? (
        <p className="alert">
          The mail provider asked us to wait until {pausedUntil.toISOString().slice(0, 16).replace("T", " ")}{" "}
          UTC. Mail is kept and goes out then by itself.
        </p>
      ) : null}
      <h2>Last exports</h2>
      {exports.length === 0 ? <p>None yet.</p> : null}
      <ul>
        {exports.map(({ at, who, detail }) => (
          <li key={`${at.getTime()} ${detail}`}>
            {at.toISOString().slice(0, 16).replace("T", " ")} UTC, {who}: <code>{detail}</code>
          </li>
        ))}
      </ul>
    </AdminDocument>
  );
}

import { AdminDocument, type AdminDocumentProps } from "@/components/admin/AdminDocument";
import { type AlarmShown, Alarms } from "@/components/admin/Alarms";
import { BackupAlarm, type BackupAlarmShown } from "@/components/admin/BackupAlarm";
import { counted } from "@/components/admin/counted";
import { FigureTable } from "@/components/admin/FigureTable";
import { MailAlarm, type MailTroubleShown } from "@/components/admin/MailAlarm";
import { moment } from "@/components/admin/moment";
import { SignaturesChart } from "@/components/charts/SignaturesChart";

type Bucket = { at: Date; signed: number; confirmed: number };
type Share = { key: string; signed: number; confirmed: number };
type Mail = {
  queued: number;
  batched: number;
  oldestQueuedSeconds: number | null;
  sentLastDay: number;
  dead: { reason: string; mails: number; mayRetry: boolean }[];
  ambiguous: { id: string; createdAt: Date; mails: number; reason: string | null }[];
  bounced: number;
  complained: number;
  pausedUntil: Date | null;
  pauseReason: string | null;
  trouble: MailTroubleShown;
};

type DeskPageProps = Pick<AdminDocumentProps, "organisation" | "script"> & {
  signedIn: NonNullable<AdminDocumentProps["signedIn"]>;
  headline: string;
  goal: number;
  figures: {
    signed: number;
    confirmed: number;
    invalid: number;
    paper: number;
    elsewhere: number;
    hours: Bucket[];
    days: Bucket[];
    countries: Share[];
    locales: Share[];
    mail: Mail;
  };
  exports: { at: Date; who: string; detail: string }[];
  languages: { name: string; reviewed: boolean }[];
  alarms: AlarmShown[];
  backup: BackupAlarmShown;
  /** Possible attacks on the desk itself, newest first. */
  securityAlarms: { at: Date; what: string }[];
  now: Date;
};

const count = (number: number) => number.toLocaleString("en");
const percent = (part: number, whole: number) =>
  whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;

/** The desk's overview: figures only, no names. */
export function DeskPage(props: DeskPageProps) {
  const { organisation, script, signedIn, headline, goal, figures, exports, languages, now } = props;
  const { signed, confirmed, invalid, paper, elsewhere, mail } = figures;
  const tiles: [string, string][] = [
    ["confirmed", count(confirmed)],
    [`of the goal of ${count(goal)}`, percent(confirmed, goal)],
    ["signed in all", count(signed)],
    ["not confirmed", count(signed - confirmed - invalid)],
    ["marked invalid", count(invalid)],
    ["confirmation rate", percent(confirmed, signed)],
    ["signed on this site", count(signed - paper - elsewhere)],
    ["signed on other sites", count(elsewhere)],
    ["signed on paper", count(paper)],
  ];
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
        As of <time dateTime={now.toISOString()}>{now.toISOString().slice(0, 19).replace("T", " ")} UTC</time>
      </p>
      <ul className="tiles">
        {tiles.map(([name, value]) => (
          <li key={name}>
            <b>{value}</b>
            {name}
          </li>
        ))}
      </ul>
      <SecurityAlarms alarms={props.securityAlarms} />
      <MailAlarm trouble={mail.trouble} role={signedIn.role} />
      <BackupAlarm alarm={props.backup} />
      <Alarms alarms={props.alarms} />
      <h2>Over time</h2>
      <div className="pair">
        <SignaturesChart title="The last two days, by hour" unit="hour" buckets={figures.hours} />
        <SignaturesChart title="The last two months, by day" unit="day" buckets={figures.days} />
      </div>
      <div className="pair">
        <Shares title="By country" shares={figures.countries} />
        <Shares title="By language" shares={figures.locales} />
      </div>
      <MailHealth mail={mail} mayDecide={signedIn.role === "owner"} />
      <h2>Last exports</h2>
      {exports.length === 0 ? <p>None yet.</p> : null}
      <ul>
        {exports.map(({ at, who, detail }) => (
          <li key={`${at.getTime()} ${detail}`}>
            {at.toISOString().slice(0, 16).replace("T", " ")} UTC, {who}: <code>{detail}</code>
          </li>
        ))}
      </ul>
      <h2>Translations</h2>
      <ul>
        {languages.map(({ name, reviewed }) => (
          <li key={name}>
            <bdi>{name}</bdi>:{" "}
            {reviewed ? "checked by a native speaker" : "not yet checked; its pages say so"}
          </li>
        ))}
      </ul>
    </AdminDocument>
  );
}

function SecurityAlarms({ alarms }: { alarms: DeskPageProps["securityAlarms"] }) {
  if (alarms.length === 0) return null;
  return (
    <section className="alert" aria-labelledby="security">
      <h2 id="security">Somebody may be trying to get in, or to get at names</h2>
      <ul>
        {alarms.map(({ at, what }) => (
          <li key={`${at.getTime()} ${what}`}>
            {moment(at)} UTC: {what}
          </li>
        ))}
      </ul>
      <p>
        Ask whose account it is. If it was not them, an owner ends their sessions under Access and resets
        them.
      </p>
    </section>
  );
}

function Shares({ title, shares }: { title: string; shares: Share[] }) {
  return (
    <section>
      <h2>{title}</h2>
      {shares.length === 0 ? (
        <p>Nobody has signed yet.</p>
      ) : (
        <FigureTable
          label={title}
          words={[title.replace("By ", "")]}
          figures={["Signed", "Confirmed", "Rate"]}
          rows={shares.map(({ key, signed, confirmed }) => ({
            words: [key],
            figures: [count(signed), count(confirmed), percent(confirmed, signed)],
          }))}
        />
      )}
    </section>
  );
}

function MailHealth({ mail, mayDecide }: { mail: Mail; mayDecide: boolean }) {
  const tiles: [string, string][] = [
    ["waiting", count(mail.queued)],
    ["handed over, no answer yet", count(mail.batched)],
    [
      "age of the oldest",
      mail.oldestQueuedSeconds === null ? "–" : `${count(Math.round(mail.oldestQueuedSeconds))} s`,
    ],
    ["sent in 24 hours", count(mail.sentLastDay)],
    ["given up", count(mail.dead.reduce((sum, { mails }) => sum + mails, 0))],
    ["bounced in 30 days", count(mail.bounced)],
    ["complaints in 30 days", count(mail.complained)],
    ["batches that need a decision", count(mail.ambiguous.length)],
  ];
  return (
    <section>
      <h2>Mail</h2>
      {mail.pausedUntil !== null && mail.pausedUntil > new Date() ? (
        <p className="alert">
          The provider asked us to wait until {mail.pausedUntil.toISOString().slice(0, 16).replace("T", " ")}{" "}
          UTC ({mail.pauseReason}). Mail is kept and goes out then by itself.
        </p>
      ) : null}
      <ul className="tiles">
        {tiles.map(([name, value]) => (
          <li key={name}>
            <b>{value}</b>
            {name}
          </li>
        ))}
      </ul>
      {mail.dead.map(({ reason, mails, mayRetry }) => (
        <form key={reason} method="post" action="/admin/mail" className="inline">
          <p>
            {count(mails)} given up: {reason}{" "}
            {mayDecide && mayRetry ? (
              <>
                <input type="hidden" name="action" value="retry" />
                <input type="hidden" name="reason" value={reason} />
                <button type="submit" className="quiet">
                  Try these again
                </button>
              </>
            ) : null}
          </p>
        </form>
      ))}
      {mail.ambiguous.length === 0 ? null : (
        <>
          <h3>Were these sent?</h3>
          <p>
            The provider did not answer in time, and would not notice a repetition any more. Look into its own
            log for the time given here, then decide.
          </p>
        </>
      )}
      {mail.ambiguous.map(({ id, createdAt, mails, reason }) => (
        <form key={id} method="post" action="/admin/mail">
          <input type="hidden" name="action" value="decide" />
          <input type="hidden" name="batch" value={id} />
          <p>
            {counted(mails, "mail")} of {createdAt.toISOString().slice(0, 19).replace("T", " ")} UTC ({reason}
            ){" "}
            {mayDecide ? (
              <>
                <button type="submit" name="decision" value="sent" className="quiet">
                  They were sent
                </button>{" "}
                <button type="submit" name="decision" value="again" className="quiet">
                  Send them again
                </button>
              </>
            ) : null}
          </p>
        </form>
      ))}
    </section>
  );
}

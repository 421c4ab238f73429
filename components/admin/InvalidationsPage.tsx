import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { CountryChoice } from "@/components/admin/CountryChoice";
import { counted } from "@/components/admin/counted";
import { moment } from "@/components/admin/moment";
import { ReasonChoice } from "@/components/admin/ReasonChoice";
import { Wide } from "@/components/admin/Wide";

/** The form's fields as typed, or one review group. */
export type RuleFields = Record<"name" | "domain" | "network" | "country" | "from" | "to" | "group", string>;

type Surroundings = { organisation: string; signedIn: SignedIn };
export type ShownJob = {
  id: string;
  state: string;
  reason: string;
  actorLabel: string;
  marked: number;
  createdAt: Date;
  by: string;
};

type InvalidationsPageProps = Surroundings & {
  jobs: ShownJob[];
  countries: { code: string; name: string }[];
  typed: RuleFields;
  /** What is wrong with the input; null if nothing is. */
  mistake: string | null;
};

/** Marks signatures invalid by rule: shows the form for a new rule and the results of earlier ones. */
export function InvalidationsPage(props: InvalidationsPageProps) {
  const { organisation, signedIn, jobs, countries, typed, mistake } = props;
  return (
    <AdminDocument organisation={organisation} title="Mark invalid by a rule" signedIn={signedIn}>
      <h1>Mark invalid by a rule</h1>
      <p>
        Signatures that meet every condition you fill in. You see how many they are, and some of them, before
        anything is done.
      </p>
      {mistake === null ? null : (
        <p role="alert" id="errors">
          {mistake}
        </p>
      )}
      <form method="post" action="/admin/invalidations" className="filters">
        <input type="hidden" name="action" value="preview" />
        <Typed name="name" label="A whole name" value={typed.name} />
        <Typed name="domain" label="A mail domain, such as example.org" value={typed.domain} />
        <Typed name="network" label="An internet address (of the last two days)" value={typed.network} />
        <CountryChoice value={typed.country} countries={countries} />
        <Typed name="from" label="Signed from (UTC)" value={typed.from} type="datetime-local" />
        <Typed name="to" label="Signed before (UTC)" value={typed.to} type="datetime-local" />
        <p>
          <button type="submit">Show who is meant</button>
        </p>
      </form>
      <h2>What was marked so</h2>
      {jobs.length === 0 ? <p>Nothing yet.</p> : null}
      {jobs.length === 0 ? null : (
        <Wide label="What was marked so">
          <table>
            <thead>
              <tr>
                {["Started (UTC)", "By", "Rule", "Why", "State"].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col" className="n">
                  Marked
                </th>
                <th scope="col">What to do</th>
              </tr>
            </thead>
            <tbody>
              {jobs.map((job) => (
                <tr key={job.id}>
                  <td>{moment(job.createdAt)}</td>
                  <td>{job.actorLabel}</td>
                  <td>{job.by}</td>
                  <td>{job.reason}</td>
                  <td>{job.state}</td>
                  <td className="n">{job.marked.toLocaleString("en")}</td>
                  <td>
                    {job.state === "running" ? <JobAct id={job.id} action="cancel" name="Stop" /> : null}{" "}
                    {job.state === "undone" || job.state === "undoing" ? null : (
                      <JobAct id={job.id} action="undo" name="Take back" />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </AdminDocument>
  );
}

function Typed(props: { name: string; label: string; value: string; type?: string }) {
  const { name, label, value, type = "text" } = props;
  return (
    <p>
      <label htmlFor={name}>{label}</label>
      <input id={name} name={name} type={type} defaultValue={value} dir="auto" autoComplete="off" />
    </p>
  );
}

function JobAct({ id, action, name }: { id: string; action: string; name: string }) {
  return (
    <form method="post" action="/admin/invalidations" className="inline">
      <input type="hidden" name="action" value={action} />
      <input type="hidden" name="job" value={id} />
      <button type="submit" className="quiet">
        {name}
      </button>
    </form>
  );
}

type InvalidationPreviewPageProps = Surroundings & {
  typed: RuleFields;
  signatures: number;
  /** False: only the newest signatures were searched. */
  whole: boolean;
  sample: { id: string; name: string; email: string; country: string; state: string; signedAt: Date }[];
  reasons: readonly string[];
};

/** Shows which signatures a rule matches before it is applied. */
export function InvalidationPreviewPage(props: InvalidationPreviewPageProps) {
  const { organisation, signedIn, typed, signatures, whole, sample, reasons } = props;
  return (
    <AdminDocument organisation={organisation} title="Who is meant" signedIn={signedIn}>
      <h1>{counted(signatures, "valid signature")} meant</h1>
      {whole ? null : (
        <p>
          This is the number among the newest signatures. Marking goes through all of them in the background.
        </p>
      )}
      {signatures === 0 ? (
        <p>
          Nobody valid meets the rule. <a href="/admin/invalidations">Try another</a>
        </p>
      ) : (
        <>
          <p>The newest of them:</p>
          <Wide label="The newest of them">
            <table>
              <thead>
                <tr>
                  {["Name", "Address", "Country", "Status", "Signed (UTC)"].map((name) => (
                    <th key={name} scope="col">
                      {name}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {sample.map((one) => (
                  <tr key={one.id}>
                    <th scope="row">
                      <bdi>{one.name}</bdi>
                    </th>
                    <td>
                      <bdi>{one.email}</bdi>
                    </td>
                    <td>{one.country}</td>
                    <td>{one.state}</td>
                    <td>{moment(one.signedAt)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Wide>
          <form method="post" action="/admin/invalidations">
            <input type="hidden" name="action" value="start" />
            {Object.entries(typed).map(([name, value]) => (
              <input key={name} type="hidden" name={name} value={value} />
            ))}
            <p>
              <ReasonChoice reasons={reasons} /> <button type="submit">Mark them invalid</button>{" "}
              <a href="/admin/invalidations">No, back</a>
            </p>
          </form>
          <p>
            They are kept and no longer count. It can be stopped on the way, and taken back at any time; those
            that nobody confirmed are deleted after their week, as ever.
          </p>
        </>
      )}
    </AdminDocument>
  );
}

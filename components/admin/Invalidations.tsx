import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { Submit } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { RuleForm, type RulePreview } from "@/components/admin/RuleForm";
import { TimesShown } from "@/components/admin/TimesShown";
import { Wide } from "@/components/admin/Wide";

type JobState = "running" | "finished" | "cancelled" | "undoing" | "undone";
type ShownJob = {
  id: string;
  state: JobState;
  reason: string;
  actorLabel: string;
  marked: number;
  createdAt: Date;
  by: string;
};

type InvalidationsProps = {
  /** Address of the campaign's desk. */
  desk: string;
  /** The review group to mark, and what its signatures have in common; `by` is null if it is gone. */
  group: { id: string; by: string | null } | null;
  /** The job that was just started. */
  started: string | null;
  jobs: readonly ShownJob[];
  countries: readonly { code: string; name: string }[];
  reasons: readonly string[];
  actions: { preview: FormAction<RulePreview>; start: FormAction; stopOrUndo: FormAction };
};

/** Marks signatures invalid by rule: the form for a rule, and the jobs so far. */
export function Invalidations(props: InvalidationsProps) {
  const { desk, group, started, jobs, countries, reasons, actions } = props;
  return (
    <>
      <h1>Mark invalid by rule</h1>
      <TimesShown />
      {started === null ? null : (
        <div className="alert" role="status">
          <p>
            The job has started. It marks the matching signatures in the background. Reload this page to see
            how far it is.
          </p>
        </div>
      )}
      {group === null ? (
        <p>
          Fill in one or more conditions. A signature matches if it meets all of them. First you see how many
          match, and the newest of them. Nothing is marked yet.
        </p>
      ) : (
        <Chosen desk={desk} by={group.by} />
      )}
      {group !== null && group.by === null ? null : (
        <RuleForm
          // A started job is over and done with: the form starts empty.
          key={`${group?.id} ${started}`}
          group={group?.id ?? null}
          countries={countries}
          reasons={reasons}
          preview={actions.preview}
          start={actions.start}
        />
      )}
      <h2>Jobs so far</h2>
      <RowForms name="job" action={actions.stopOrUndo}>
        {jobs.length === 0 ? <p>There are none.</p> : <Jobs jobs={jobs} />}
      </RowForms>
    </>
  );
}

function Chosen({ desk, by }: { desk: string; by: string | null }) {
  return (
    <>
      {by === null ? (
        <div className="alert" role="alert">
          <p>This group is gone. It was dealt with, or is no longer found.</p>
        </div>
      ) : (
        <p>
          You chose a group of the likely fakes ({by}). First you see how many signatures match, and the
          newest of them. Nothing is marked yet.
        </p>
      )}
      <p>
        <Link href={`${desk}/review`} prefetch={false}>
          Back to the likely fakes
        </Link>{" "}
        <Link href={`${desk}/invalidations`} prefetch={false}>
          Fill in conditions instead
        </Link>
      </p>
    </>
  );
}

const STATES: Record<JobState, string> = {
  running: "running",
  finished: "finished",
  cancelled: "stopped",
  undoing: "being taken back",
  undone: "taken back",
};

function Jobs({ jobs }: { jobs: readonly ShownJob[] }) {
  return (
    <Wide label="Jobs so far">
      <table>
        <thead>
          <tr>
            {["Started", "By", "Rule", "Reason", "State"].map((name) => (
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
          {jobs.map(({ id, createdAt, actorLabel, by, reason, state, marked }) => (
            <tr key={id}>
              <td>
                <Moment at={createdAt} />
              </td>
              <td>{actorLabel}</td>
              <td>{by}</td>
              <td>{reason}</td>
              <td>{STATES[state]}</td>
              <td className="n">{marked.toLocaleString("en")}</td>
              <td>
                <RowForm hidden={{ job: id }} className="inline">
                  {state === "running" ? (
                    <Submit name="action" value="cancel" className="quiet">
                      Stop
                    </Submit>
                  ) : null}{" "}
                  {state === "undoing" || state === "undone" ? null : (
                    <Submit name="action" value="undo" className="quiet">
                      Take back
                    </Submit>
                  )}
                </RowForm>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit, TextArea, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { TimesShown } from "@/components/admin/TimesShown";
import type { Milestone } from "@/lib/sharing";

type GoalsProps = {
  /** Confirmed signatures. */
  count: number;
  /** The saved goals, as the fields of the form. */
  saved: Readonly<Record<string, string>>;
  milestones: readonly Milestone[];
  /** At which percentages of a goal a milestone is recorded. */
  percentages: readonly number[];
  save: FormAction;
};

/** The campaign's goal, the goals after it, and the milestones reached so far. */
export function Goals({ count, saved, milestones, percentages, save }: GoalsProps) {
  return (
    <section id="goals" aria-labelledby="goals-title">
      <h2 id="goals-title">Goal</h2>
      <p>
        {count.toLocaleString("en")} confirmed so far. A milestone is recorded at {percentages.join(", ")} per
        cent of the goal, and the preview pictures then get a new address, so that shared links show them
        afresh. When the goal is reached, the lowest of the next goals above the count becomes the new goal.
        If there is none, the goal doubles.
      </p>
      <DeskForm name="goals" action={save} original={saved}>
        <TextField
          name="goal"
          label="Goal, in signatures"
          initial={saved.goal ?? ""}
          inputMode="numeric"
          required
        />
        <TextArea
          name="nextGoals"
          label="Next goals, one per line"
          initial={saved.nextGoals ?? ""}
          rows={6}
        />
        <Submit>Save the goals</Submit>
      </DeskForm>
      {milestones.length === 0 ? null : (
        <details>
          <summary>Milestones so far</summary>
          <TimesShown />
          <ul>
            {milestones.map(({ goal, percent, reachedAt }) => (
              <li key={`${goal} ${percent}`}>
                {percent} per cent of {goal.toLocaleString("en")}: <Moment at={reachedAt} format="day" />
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

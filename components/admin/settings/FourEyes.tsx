import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Checkbox, Submit } from "@/components/admin/kit/fields";

/** Whether the texts of a campaign are published by somebody who did not write them. */
export function FourEyes({ fourEyes, save }: { fourEyes: boolean; save: FormAction }) {
  return (
    <section id="four-eyes" aria-labelledby="four-eyes-title">
      <h2 id="four-eyes-title">Who publishes</h2>
      <p>
        With two people, a text is sent to review first. Everybody who changed it can then no longer publish
        it themselves, owners included.
      </p>
      <DeskForm name="four-eyes" action={save}>
        <Checkbox
          name="fourEyes"
          label="Two people: nobody publishes a text that they wrote"
          initial={fourEyes}
        />
        <Submit>Save</Submit>
      </DeskForm>
    </section>
  );
}

import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { CodeField, Submit } from "@/components/admin/kit/fields";

type CodeNeededProps = { why: string; back: string; prove: FormAction };

/** Asks for a code before showing a page, then returns to it. */
export function CodeNeeded({ why, back, prove }: CodeNeededProps) {
  return (
    <div className="narrow">
      <h1>Enter a code first</h1>
      <p>{why}</p>
      <DeskForm name="code" action={prove} hidden={{ back }}>
        <CodeField />
        <p>
          <Submit>Continue</Submit> <a href="/admin">Back to the overview</a>
        </p>
      </DeskForm>
    </div>
  );
}

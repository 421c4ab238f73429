import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextArea } from "@/components/admin/kit/fields";

type AllowedSitesProps = {
  /** The saved choice, as the fields of the form. */
  saved: Readonly<Record<string, string>>;
  save: FormAction;
};

/** The sites that may show the campaign's form. */
export function AllowedSites({ saved, save }: AllowedSitesProps) {
  return (
    <section id="origins" aria-labelledby="origins-title">
      <h2 id="origins-title">Sites that may show the form</h2>
      <p>
        If any site may show the form, it can do so in a frame only. The sites you list may also send the form
        from a page of their own.
      </p>
      <DeskForm name="origins" action={save} original={saved}>
        <Choice
          name="framedBy"
          label="Who may show the form"
          initial={saved.framedBy ?? "any"}
          options={[
            { value: "any", label: "Any site" },
            { value: "listed", label: "Only the sites listed below" },
          ]}
        />
        <TextArea
          name="origins"
          label="Sites, one per line"
          hint="Each begins with https:// and has no path, like https://news.example. If you list none, no site may show the form."
          initial={saved.origins ?? ""}
          rows={5}
          dir="ltr"
          spellCheck={false}
        />
        <Submit>Save the sites</Submit>
      </DeskForm>
    </section>
  );
}

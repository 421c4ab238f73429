import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextField } from "@/components/admin/kit/fields";
import { LOCALES, nativeNameOf } from "@/lib/i18n/locales";

type NewCampaignProps = {
  /** The campaigns that can be copied. */
  models: readonly { slug: string; title: string }[];
  titleMaxCharacters: number;
  create: FormAction;
};

/** Makes a campaign: a title is enough. */
export function NewCampaign({ models, titleMaxCharacters, create }: NewCampaignProps) {
  return (
    <section id="new" aria-labelledby="new-title">
      <h2 id="new-title">New campaign</h2>
      <p>You get a draft to write on. Nobody outside the desk sees it before you publish it.</p>
      <DeskForm name="create" action={create}>
        <TextField
          name="title"
          label="Title of the page"
          hint="You can change it at any time."
          maxLength={titleMaxCharacters}
          dir="auto"
          required
        />
        <TextField
          name="slug"
          label="Address"
          hint="The last part of the page’s address: small letters, digits and dashes, like halt-the-expulsions. It cannot be changed later. Leave it empty to take one that fits the title."
          dir="ltr"
          spellCheck={false}
          autoCapitalize="none"
        />
        <Choice
          name="language"
          label="First language"
          hint="The language that you write in; the others are translated from it. A copy has the languages of its model."
          initial={LOCALES[0]}
          options={LOCALES.map((locale) => ({ value: locale, label: nativeNameOf(locale) }))}
        />
        <Choice
          name="from"
          label="Start from"
          initial=""
          options={[
            { value: "", label: "An empty template" },
            ...models.map(({ slug, title }) => ({ value: slug, label: `A copy of “${title}”` })),
          ]}
        />
        <Submit>Make the campaign</Submit>
      </DeskForm>
    </section>
  );
}

import Link from "next/link";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit } from "@/components/admin/kit/fields";
import { Wide } from "@/components/admin/Wide";
import { STATE_WORDS } from "@/components/translations/shown-part";
import { type Locale, nativeNameOf } from "@/lib/i18n/locales";
import { type LanguageProgress, PART_STATES } from "@/lib/translations";

type LanguagesProps = {
  slug: string;
  original: Locale;
  languages: readonly (LanguageProgress & { published: boolean })[];
  /** The site's languages that the campaign lacks. */
  others: readonly Locale[];
  /** Null for those who may only look. */
  actions: { add: FormAction; setLive: FormAction } | null;
};

/** The languages of a campaign, and how far each is translated. */
export function Languages({ slug, original, languages, others, actions }: LanguagesProps) {
  return (
    <>
      <h1>Translations</h1>
      <p>
        The original is in <bdi lang={original}>{nativeNameOf(original)}</bdi>. The form, the consent, the
        mails and the privacy page are there in every language of the site, so a campaign can go live in one
        before all of its text is translated: what is missing is shown in the original’s language.
      </p>
      {languages.length === 0 ? <p>There is no translation yet.</p> : null}
      {languages.length === 0 ? null : (
        <Wide label="Translations">
          <table>
            <thead>
              <tr>
                <th scope="col">Language</th>
                {PART_STATES.map((state) => (
                  <th scope="col" className="n" key={state}>
                    {STATE_WORDS[state]}
                  </th>
                ))}
                <th scope="col">Live</th>
                {actions === null ? null : <th scope="col">Change</th>}
              </tr>
            </thead>
            <tbody>
              {languages.map((language) => (
                <Row key={language.locale} slug={slug} language={language} actions={actions} />
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      {actions === null || others.length === 0 ? null : (
        <>
          <h2>Add a language</h2>
          <DeskForm
            name="add-language"
            action={actions.add}
            hidden={{ action: "add-language" }}
            className="filters"
            label="Add a language"
          >
            <Choice
              name="locale"
              label="Language"
              options={others.map((locale) => ({ value: locale, label: nativeNameOf(locale) }))}
            />
            <Submit>Add it to the draft</Submit>
          </DeskForm>
        </>
      )}
    </>
  );
}

type RowProps = Pick<LanguagesProps, "slug" | "actions"> & { language: LanguagesProps["languages"][number] };

function Row({ slug, language, actions }: RowProps) {
  const { locale, counts, unfinished, published } = language;
  const name = nativeNameOf(locale);
  return (
    <tr>
      <th scope="row">
        <Link href={`/admin/${slug}/translations/${locale}`} prefetch={false} lang={locale}>
          {name}
        </Link>
      </th>
      {PART_STATES.map((state) => (
        <td className="n" key={state}>
          {counts[state]}
        </td>
      ))}
      <td className="words">
        {published ? "live" : "with the next publication"}
        {unfinished ? ", missing parts in the original’s language" : ", as finished"}
      </td>
      {actions === null ? null : (
        <td>
          {unfinished && counts.missing > 0 ? (
            "finished once no part is missing"
          ) : (
            <DeskForm
              name={`live-${locale}`}
              action={actions.setLive}
              hidden={{ action: "live", locale, finished: unfinished ? "yes" : "no" }}
              className="inline"
            >
              <Submit className="quiet">
                {unfinished ? "List it as finished" : "Allow missing parts again"}
              </Submit>
            </DeskForm>
          )}
        </td>
      )}
    </tr>
  );
}

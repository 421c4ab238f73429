import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit, TextField } from "@/components/admin/kit/fields";
import { Wide } from "@/components/admin/Wide";
import { directionOf, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import { type ListedSource, NO_SOURCE, sourceFields, sourceLabel, type Use } from "@/lib/writing";

/** A source, and where texts refer to it. */
export type UsedSource = ListedSource & { uses: readonly Use[] };

type SourcesProps = {
  slug: string;
  sources: readonly UsedSource[];
  /** The campaign's languages, the first one first. */
  languages: readonly Locale[];
  /** The next free key. */
  proposed: string;
  actions: { add: FormAction; change: FormAction; remove: FormAction };
};

/** What statements rest on: sources.yaml as a table, to add to, change and remove from. */
export function Sources({ slug, sources, languages, proposed, actions }: SourcesProps) {
  const [first = "en"] = languages;
  return (
    <>
      <h2>Sources</h2>
      {sources.length === 0 ? <p>There is no source yet.</p> : null}
      {sources.length === 0 ? null : (
        <Wide label="Sources">
          <table>
            <thead>
              <tr>
                <th scope="col">Mark</th>
                <th scope="col">Publisher and title</th>
                <th scope="col">Date</th>
                <th scope="col">Used in</th>
              </tr>
            </thead>
            <tbody>
              {sources.map((source) => (
                <tr key={source.key}>
                  <th scope="row">
                    <code>[^{source.key}]</code>
                  </th>
                  <td className="words">
                    <a href={`#source-${source.key}`}>{source.publisher}</a>:{" "}
                    <bdi>{source.titles[first] ?? Object.values(source.titles)[0]}</bdi>
                  </td>
                  <td>{source.date === "" ? "–" : source.date}</td>
                  <td className="words">
                    <Uses slug={slug} uses={source.uses} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
      <h2>Add a source</h2>
      <DeskForm name="add-source" action={actions.add} hidden={{ action: "add-source" }} label="Add a source">
        <TextField
          name="key"
          label="Key"
          hint={`The next free one is proposed. Texts refer to the source by it: [^${proposed}].`}
          initial={proposed}
          required
        />
        <SourceInputs source={NO_SOURCE} languages={languages} />
        <Submit>Add it</Submit>
      </DeskForm>
      {sources.length === 0 ? null : <h2>Change or remove a source</h2>}
      {sources.map((source) => (
        <details key={source.key} id={`source-${source.key}`}>
          <summary>
            {source.key}: {source.publisher}
          </summary>
          <DeskForm
            name={`change-${source.key}`}
            action={actions.change}
            hidden={{ action: "change-source", key: source.key }}
            original={sourceFields(source)}
            label={`Change ${source.key}`}
          >
            <SourceInputs source={source} languages={languages} />
            <Submit>Save {source.key}</Submit>
          </DeskForm>
          <DeskForm
            name={`remove-${source.key}`}
            action={actions.remove}
            hidden={{ action: "remove-source", key: source.key }}
          >
            <Submit className="quiet">Remove {source.key}</Submit>
          </DeskForm>
        </details>
      ))}
    </>
  );
}

function SourceInputs({ source, languages }: { source: ListedSource; languages: readonly Locale[] }) {
  const fields = sourceFields(source);
  const label = (field: string) => sourceLabel(field, nativeNameOf);
  // Texts in a language that the campaign does not have stay, and are shown where there are some.
  const shown = Object.keys(fields).filter((field) => {
    const [, locale] = field.split(".");
    return locale === undefined || languages.some((each) => each === locale) || fields[field] !== "";
  });
  const hidden = Object.keys(fields).filter((field) => !shown.includes(field));
  return (
    <>
      {shown.map((field) => (
        <TextField
          key={field}
          name={field}
          label={label(field)}
          initial={fields[field]}
          {...inputOf(field)}
        />
      ))}
      {hidden.map((field) => (
        <input key={field} type="hidden" name={field} value="" />
      ))}
    </>
  );
}

function inputOf(field: string) {
  const [name, locale] = field.split(".");
  if (locale !== undefined) return { lang: locale, dir: directionOf(locale as Locale) };
  if (name === "url") return { type: "url" as const, required: true, dir: "ltr" as const };
  if (name === "date") return { hint: "2023-10-03, 2023-10 or 2023; empty if the source gives none." };
  return { required: true };
}

function Uses({ slug, uses }: { slug: string; uses: readonly Use[] }) {
  if (uses.length === 0) return "nowhere";
  return [...Map.groupBy(uses, ({ file }) => file)].map(([file, its], at) => (
    <span key={file}>
      {at === 0 ? "" : "; "}
      <a
        href={`/admin/${slug}/text?file=${file}&as=text&line=${its[0]?.line ?? 1}#line-${its[0]?.line ?? 1}`}
      >
        {file}
      </a>
      , line {its.map(({ line }) => line).join(", ")}
    </span>
  ));
}

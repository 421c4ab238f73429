import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { Original } from "@/components/translations/Original";
import { seenField, stillField, textField, wasField } from "@/components/translations/part-fields";
import { bySection, needsWork, type ShownPart, STATE_WORDS } from "@/components/translations/shown-part";
import { directionOf, type Locale, nativeNameOf } from "@/lib/i18n/locales";

export type TranslatePageProps = {
  site: SiteProps;
  /** The page's own address, without its query. */
  path: string;
  title: string;
  originalLocale: Locale;
  locale: Locale;
  /** The day on which the link ends. */
  ends: string;
  parts: readonly ShownPart[];
  onlyWork: boolean;
  saved?: boolean;
  /** What was not saved, and why, by the field. */
  mistakes?: readonly { field: string; text: string }[];
  /** What was typed and is not saved, by field. */
  typed?: Readonly<Record<string, string>>;
  /** A mistake that is no field's. */
  failure?: string;
};

const ROW_CHARACTERS = 60;

/** One translation of one campaign, for somebody with a translator's link. Without scripts. */
export function TranslatePage(props: TranslatePageProps) {
  const { site, path, title, originalLocale, locale, ends, onlyWork, saved, failure, mistakes = [] } = props;
  // What was typed is never left out.
  const parts = props.parts.filter(
    (part) => !onlyWork || needsWork(part) || textField(part.key) in (props.typed ?? {}),
  );
  const gone = Object.entries(props.typed ?? {}).filter(
    ([field, text]) =>
      field.startsWith("text.") && text !== "" && !parts.some(({ key }) => textField(key) === field),
  );
  return (
    <Document
      site={site}
      locale="en"
      title={`Translation into ${nativeNameOf(locale)}`}
      description={title}
      path={null}
      indexed={false}
      styles={TRANSLATE_STYLES}
    >
      <main className="sheet">
        <h1>
          Translation into <bdi lang={locale}>{nativeNameOf(locale)}</bdi>
        </h1>
        <p>
          <bdi lang={originalLocale} dir={directionOf(originalLocale)}>
            {title}
          </bdi>
        </p>
        {saved ? <p role="status">Your translation is saved. The campaign’s editors see it now.</p> : null}
        {failure === undefined ? null : (
          <div className="alert" role="alert">
            <p>{failure}</p>
          </div>
        )}
        {mistakes.length === 0 ? null : (
          <div className="alert" role="alert">
            <p>Nothing is saved yet. Please put this right, and save again:</p>
            <ul>
              {mistakes.map(({ field, text }) => (
                <li key={field}>{text}</li>
              ))}
            </ul>
          </div>
        )}
        <p>
          Save as often as you like: the editors of the campaign publish the text, not you. This link opens
          this translation alone, and ends on {ends}. Keep it to yourself. Leave marks such as [^K1] and the
          addresses of links as they are, and put them where they belong in your language.
        </p>
        <p>
          {onlyWork ? (
            <a href={path}>Show all parts</a>
          ) : (
            <a href={`${path}?only=work`}>Show only what needs work</a>
          )}
        </p>
        {parts.length === 0 ? <p>Everything is translated. Thank you.</p> : null}
        {/* One form, so that what was typed into one section is not lost when another is saved. */}
        {parts.length === 0 ? null : (
          <form method="post" action={onlyWork ? `${path}?only=work` : path}>
            {bySection(parts).map(({ name, parts: its }) => (
              <section key={name}>
                <h2>{name}</h2>
                {its.map((part) => (
                  <Row key={part.key} part={part} {...props} />
                ))}
                <button type="submit">Save the translation</button>
              </section>
            ))}
          </form>
        )}
        {gone.length === 0 ? null : (
          <section>
            <h2>No longer in the text</h2>
            <p>These parts are gone. Copy what you still need.</p>
            {gone.map(([field, text]) => (
              <textarea
                key={field}
                defaultValue={text}
                lang={locale}
                dir={directionOf(locale)}
                aria-label={field}
                readOnly
              />
            ))}
          </section>
        )}
      </main>
    </Document>
  );
}

function Row({
  part,
  originalLocale,
  locale,
  mistakes = [],
  typed = {},
}: TranslatePageProps & { part: ShownPart }) {
  const field = textField(part.key);
  const mistake = mistakes.find((each) => each.field === field)?.text;
  const id = `p-${part.key}`;
  return (
    <div className="pair">
      <div>
        <h3>{part.label}</h3>
        <Original part={part} lang={originalLocale} dir={directionOf(originalLocale)} />
      </div>
      <div className="field">
        <label htmlFor={id}>
          {part.label} ({STATE_WORDS[part.state].toLowerCase()})
        </label>
        {mistake === undefined ? null : (
          <p className="err" id={`${id}-error`}>
            {mistake}
          </p>
        )}
        <input
          type="hidden"
          name={wasField(part.key)}
          value={typed[wasField(part.key)] ?? part.translation ?? ""}
        />
        <input type="hidden" name={seenField(part.key)} value={part.originalSeen} />
        <textarea
          id={id}
          name={field}
          defaultValue={typed[field] ?? part.translation ?? ""}
          lang={locale}
          dir={directionOf(locale)}
          rows={Math.min(14, 2 + Math.floor(part.original.length / ROW_CHARACTERS))}
          aria-describedby={mistake === undefined ? undefined : `${id}-error`}
          aria-invalid={mistake === undefined ? undefined : true}
        />
        {part.state === "outdated" ? (
          <div className="tick">
            <input
              id={`${id}-still`}
              type="checkbox"
              name={stillField(part.key)}
              value="yes"
              defaultChecked={typed[stillField(part.key)] === "yes"}
            />
            <label htmlFor={`${id}-still`}>The translation still says what the original says</label>
          </div>
        ) : null}
      </div>
    </div>
  );
}

/** Added to the sheet of public pages. */
export const TRANSLATE_STYLES =
  ".pair{display:grid;gap:1rem;margin-block:1.5rem}.pair>*{min-inline-size:0}@media(min-width:60rem){.pair{grid-template-columns:1fr 1fr}}.version{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--card);padding:.7rem}.pair textarea{inline-size:100%}";

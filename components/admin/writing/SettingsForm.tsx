import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextField } from "@/components/admin/kit/fields";
import { CONTRAST_MIN, contrastWithWhite } from "@/lib/document";
import { isLocale, LOCALES, nativeNameOf } from "@/lib/i18n/locales";
import {
  LANGUAGE_STATES,
  languageField,
  type SettingsForm as Settings,
  TARGET_FIELDS,
  targetField,
} from "@/lib/writing";
import { settingsLabel } from "./settings-labels";

const HINTS: Readonly<Record<string, string>> = {
  key: "Small letters and digits, for example prime-minister. Empty all fields of a target to remove it.",
  country: "Two letters, for example PK. May be empty.",
};
const label = (field: string) =>
  settingsLabel(field, (language) => (isLocale(language) ? nativeNameOf(language) : language));

/** The settings of campaign.yaml that people change. The file's comments and all else stay as they are. */
export function SettingsForm({ settings, save }: { settings: Settings; save: FormAction }) {
  const { fields, targets, original } = settings;
  const rows = Array.from({ length: targets + 1 }, (_, at) => at);
  const blank = Object.fromEntries(TARGET_FIELDS.map((name) => [targetField(targets, name), ""]));
  return (
    <DeskForm name="settings" action={save} original={{ ...fields, ...blank }} label="Settings">
      <TextField name="goal" label={label("goal")} initial={fields.goal} inputMode="numeric" required />
      <fieldset>
        <legend>Languages</legend>
        <p className="hint">
          A language that comes in gets a text of its own to be translated. While it is being translated, what
          is missing is shown in the first language. Taking a language out deletes its text from the draft.
        </p>
        {LOCALES.filter((locale) => locale !== original).map((locale) => (
          <Choice
            key={locale}
            name={languageField(locale)}
            label={label(languageField(locale))}
            initial={fields[languageField(locale)]}
            options={Object.entries(LANGUAGE_STATES).map(([value, words]) => ({ value, label: words }))}
          />
        ))}
      </fieldset>
      {rows.map((at) => (
        <fieldset key={at}>
          <legend>{at < targets ? `Target ${at + 1}` : "Add a target"}</legend>
          {TARGET_FIELDS.map((name) => (
            <TextField
              key={name}
              name={targetField(at, name)}
              label={label(targetField(at, name))}
              hint={HINTS[name]}
              initial={fields[targetField(at, name)] ?? ""}
            />
          ))}
        </fieldset>
      ))}
      <fieldset>
        <legend>Colours</legend>
        <p className="hint">
          Such as #8a1538. Leave both empty for the colours of the site. White letters stand on them, so their
          contrast with white must be at least {CONTRAST_MIN} to 1.
        </p>
        {["colour.main", "colour.accent"].map((name) => (
          <TextField
            key={name}
            name={name}
            label={label(name)}
            hint={contrastWords(fields[name] ?? "")}
            initial={fields[name]}
          />
        ))}
      </fieldset>
      <Submit>Save the settings</Submit>
    </DeskForm>
  );
}

function contrastWords(colour: string): string | undefined {
  const contrast = contrastWithWhite(colour);
  if (contrast === null) return undefined;
  // Rounded down: 4.499 must not read 4.5.
  const shown = (Math.floor(contrast * 100) / 100).toFixed(2);
  return contrast >= CONTRAST_MIN
    ? `White letters on ${colour} have a contrast of ${shown} to 1, which is enough.`
    : `White letters on ${colour} have a contrast of ${shown} to 1, which is too little: take a darker colour.`;
}

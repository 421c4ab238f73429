import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Submit, TextArea } from "@/components/admin/kit/fields";
import { LanguageChoice } from "@/components/admin/LanguageChoice";
import { CHANNEL_NAMES } from "@/components/admin/settings/channel-names";
import { directionOf, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import type { ShareTextKey } from "@/lib/sharing";

export type ShownShareText = {
  key: ShareTextKey;
  /** Name of the form's field. */
  field: string;
  /** The text that the campaign came with. */
  builtIn: string;
  /** The campaign's own text; null if it has none. */
  own: string | null;
  /** Most characters. */
  limit: number;
  /** The link that follows the text. */
  address: string;
};

type ShareTextsProps = {
  locale: Locale;
  texts: readonly ShownShareText[];
  /** The texts in use, as the fields of the form. */
  saved: Readonly<Record<string, string>>;
  /** Returns the address of the page in a language. */
  address: (locale: Locale) => string;
  save: FormAction;
};

/** The texts that go with a shared link, in one language. */
export function ShareTexts({ locale, texts, saved, address, save }: ShareTextsProps) {
  return (
    <section id="texts" aria-labelledby="texts-title">
      <h2 id="texts-title">Texts for sharing in {nativeNameOf(locale)}</h2>
      <LanguageChoice label="Language of the texts" current={locale} address={address} />
      <p>
        The link is added after each text. If you empty a field, the text that the campaign came with is used
        again.
      </p>
      <DeskForm name={`texts-${locale}`} action={save} hidden={{ locale }} original={saved}>
        {texts.map((text) => (
          <ShareText key={text.key} locale={locale} text={text} />
        ))}
        <Submit>Save the texts</Submit>
      </DeskForm>
    </section>
  );
}

function ShareText({ locale, text }: { locale: Locale; text: ShownShareText }) {
  const { key, field, builtIn, own, limit, address } = text;
  const written = { lang: locale, dir: directionOf(locale) };
  return (
    <>
      <TextArea
        {...written}
        name={field}
        label={CHANNEL_NAMES[key]}
        hint={`At most ${limit} characters. ${own === null ? "This is the text that the campaign came with." : "This is your own text."}`}
        initial={own ?? builtIn}
        rows={3}
      />
      <details>
        <summary>How it reads now</summary>
        <p {...written}>
          {own ?? builtIn} <bdi dir="ltr">{address}</bdi>
        </p>
      </details>
      {own === null ? null : (
        <Submit name="reset" value={key} className="quiet">
          Back to: “<bdi lang={locale}>{builtIn}</bdi>”
        </Submit>
      )}
    </>
  );
}

import { TextArea, TextField } from "@/components/admin/kit/fields";
import { directionOf, type Locale } from "@/lib/i18n/locales";

/** Most characters of title and text. */
export type NewsLimits = { title: number; text: number };

type NewsFieldsProps = { locale: Locale; limits: NewsLimits; title: string; text: string };

/** The fields of a piece of news. */
export function NewsFields({ locale, limits, title, text }: NewsFieldsProps) {
  const written = { lang: locale, dir: directionOf(locale), required: true };
  return (
    <>
      <TextField {...written} name="title" label="Title" initial={title} maxLength={limits.title} />
      <TextArea
        {...written}
        name="text"
        label="Text"
        hint="An empty line begins a new paragraph."
        initial={text}
        maxLength={limits.text}
        rows={6}
      />
    </>
  );
}

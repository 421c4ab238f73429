import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { Field, fieldAttributes } from "@/components/form/SignatureForm";
import type { Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import type { FieldErrors } from "@/lib/signing";

export type LostLinkPageProps = {
  site: SiteProps;
  locale: Locale;
  home: string;
  /** True once the form was sent: the same for every address. */
  sent?: boolean;
  email?: string;
  errors?: FieldErrors["email"];
};

/** Asks for an address and gives everyone the same answer; the link is mailed only to the signer. */
export function LostLinkPage({ site, locale, home, sent = false, email = "", errors }: LostLinkPageProps) {
  const { signature, form, thanks, site: words } = messagesFor(locale);
  const title = sent ? signature.lostSentTitle : signature.lostTitle;
  const text = sent ? signature.lostSentText : signature.lostText;
  return (
    <Document
      site={site}
      locale={locale}
      title={errors === undefined ? title : words.errorTitle({ title })}
      description={text}
      path="/signature"
      indexed={false}
      home={home}
    >
      <main className="sheet">
        <h1>{title}</h1>
        <p>{text}</p>
        {sent ? (
          <p>
            <a href={home}>{thanks.back}</a>
          </p>
        ) : (
          <form method="post" action="/api/signature/access" className="form" noValidate>
            <input type="hidden" name="locale" value={locale} />
            <Field locale={locale} name="email" label={form.email} errors={errors}>
              <input
                {...fieldAttributes("email", errors, false)}
                type="email"
                autoComplete="email"
                dir="ltr"
                required
                defaultValue={email}
              />
            </Field>
            <button type="submit">{signature.lostButton}</button>
          </form>
        )}
      </main>
    </Document>
  );
}

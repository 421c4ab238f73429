import type { ReactNode } from "react";
import { Document } from "@/components/document/Document";
import type { SiteProps } from "@/components/document/types";
import { Field, fieldAttributes, Tick } from "@/components/form/SignatureForm";
import type { ShareLinksProps } from "@/components/share/ShareLinks";
import { SharePanel } from "@/components/share/SharePanel";
import { campaignPath } from "@/lib/campaigns";
import type { FieldsWith, KeptField, Shown } from "@/lib/fields";
import { countryOptions } from "@/lib/i18n/country-names";
import { formatDate } from "@/lib/i18n/format";
import { LOCALES, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { shownName } from "@/lib/people";
import type { FieldErrors } from "@/lib/signing";

type Correctable = Shown<FieldsWith<"correctable">>;

export type SignaturePageProps = {
  site: SiteProps;
  locale: Locale;
  token: string;
  held: Shown<KeptField> & {
    slug: string;
    state: "pending" | "confirmed" | "invalid";
    consentVersion: string;
    signedAt: string;
    confirmedAt: string | null;
    correctedAt: string | null;
    origin: string | null;
  };
  codes?: ShareLinksProps["codes"];
  texts: ShareLinksProps["texts"];
  subject: string;
  saved?: boolean;
  errors?: FieldErrors;
  /** What was typed in a refused correction; the stored data is shown above it, unchanged. */
  typed?: Correctable;
};

/**
 * The data held about one signer, and every right they have over it. Each change is a separate form, sent by
 * POST.
 */
export function SignaturePage(props: SignaturePageProps) {
  const { site, locale, token, held, codes, texts, subject, saved = false, errors = {}, typed } = props;
  const messages = messagesFor(locale);
  const { signature, form } = messages;
  const wrong = Object.keys(errors).length > 0;
  return (
    <Document
      site={site}
      locale={locale}
      title={wrong ? messages.site.errorTitle({ title: signature.title }) : signature.title}
      description={signature.lead}
      path={`/signature/${encodeURIComponent(token)}`}
      indexed={false}
      home={campaignPath(held.slug, locale)}
    >
      <main className="sheet">
        <h1>{signature.title}</h1>
        {saved ? <p role="status">{signature.saved}</p> : null}
        {wrong ? (
          <div className="alert" role="alert">
            <p>{form.errorLead}</p>
          </div>
        ) : null}
        <p>{signature.lead}</p>
        <Held {...props} />
        <h2>{signature.downloadTitle}</h2>
        <Action token={token} locale={locale} action="download">
          <button type="submit" className="quiet">
            {signature.download}
          </button>
        </Action>
        {held.state === "confirmed" ? (
          <section>
            <h2>{signature.shareTitle}</h2>
            <p>{signature.shareText}</p>
            <SharePanel
              site={site}
              locale={locale}
              slug={held.slug}
              codes={codes}
              texts={texts}
              subject={subject}
            />
          </section>
        ) : null}
        <section className="form">
          <h2>{signature.correctTitle}</h2>
          <Action token={token} locale={locale} action="correct">
            <CorrectableFields typed={typed ?? held} locale={locale} errors={errors} />
            <button type="submit">{signature.save}</button>
          </Action>
        </section>
        <section>
          <h2>{signature.withdrawTitle}</h2>
          <p>{signature.withdrawText}</p>
          <Action token={token} locale={locale} action="withdraw">
            <button type="submit" className="quiet">
              {signature.withdraw}
            </button>
          </Action>
        </section>
        <section>
          <h2>{signature.eraseTitle}</h2>
          <p>{signature.eraseText}</p>
          <Action token={token} locale={locale} action="erase">
            <Tick name="neverWrite" label={signature.neverWrite} ticked={false} locale={locale} />
            <button type="submit" className="quiet">
              {signature.erase}
            </button>
          </Action>
        </section>
      </main>
    </Document>
  );
}

type ActionProps = { token: string; locale: Locale; action: string; children: ReactNode };

function Action({ token, locale, action, children }: ActionProps) {
  return (
    <form method="post" action="/api/signature" noValidate>
      <input type="hidden" name="token" value={token} />
      <input type="hidden" name="page" value={locale} />
      <input type="hidden" name="action" value={action} />
      {children}
    </form>
  );
}

function Held({ locale, held }: SignaturePageProps) {
  const { signature } = messagesFor(locale);
  const yesOrNo = (said: boolean) => (said ? signature.yes : signature.no);
  const rows = [
    [signature.name, held.name],
    [signature.email, held.email],
    [
      signature.country,
      countryOptions(locale).find(({ code }) => code === held.country)?.name ?? held.country,
    ],
    [signature.language, nativeNameOf(held.locale)],
    [signature.state, signature.states[held.state]],
    [signature.publicName, held.publicName ? shownName(held.name, held.publicInitial) : signature.no],
    [signature.updates, yesOrNo(held.updates)],
    [signature.signedAt, formatDate(held.signedAt, locale)],
    ...(held.confirmedAt === null
      ? []
      : [[signature.confirmedAt, formatDate(held.confirmedAt, locale)] as const]),
    ...(held.correctedAt === null
      ? []
      : [[signature.correctedAt, formatDate(held.correctedAt, locale)] as const]),
    [signature.consentVersion, held.consentVersion],
    ...(held.origin === null ? [] : [[signature.origin, held.origin] as const]),
  ] as const;
  return (
    <section>
      <h2 id="held">{signature.heldTitle}</h2>
      <table aria-labelledby="held">
        <tbody>
          {rows.map(([term, value]) => (
            <tr key={term}>
              <th scope="row">{term}</th>
              <td>
                <bdi>{value}</bdi>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

type CorrectableFieldsProps = { typed: Correctable; locale: Locale; errors: FieldErrors };

function CorrectableFields({ typed, locale, errors }: CorrectableFieldsProps) {
  const { form, signature } = messagesFor(locale);
  return (
    <>
      <Field locale={locale} name="name" label={form.name} hint={form.nameHint} errors={errors.name}>
        <input
          {...fieldAttributes("name", errors.name, true)}
          type="text"
          autoComplete="name"
          dir="auto"
          required
          defaultValue={typed.name}
        />
      </Field>
      <Field locale={locale} name="country" label={form.country} errors={errors.country}>
        <select
          {...fieldAttributes("country", errors.country, false)}
          autoComplete="country"
          required
          defaultValue={typed.country}
        >
          {countryOptions(locale).map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <Field locale={locale} name="locale" label={signature.language} errors={errors.locale}>
        <select {...fieldAttributes("locale", errors.locale, false)} required defaultValue={typed.locale}>
          {LOCALES.map((language) => (
            <option key={language} value={language} lang={language}>
              {nativeNameOf(language)}
            </option>
          ))}
        </select>
      </Field>
      <fieldset>
        <legend>{form.choices}</legend>
        <Tick
          name="publicName"
          label={form.publicName}
          hint={form.publicNameHint}
          ticked={typed.publicName}
          locale={locale}
        />
        <Tick name="publicInitial" label={form.publicInitial} ticked={typed.publicInitial} locale={locale} />
        <Tick name="updates" label={form.updates} ticked={typed.updates} locale={locale} />
      </fieldset>
    </>
  );
}

import type { ReactNode } from "react";
import type { FormChallenge, FormNotice, TypedFields } from "@/components/form/types";
import { campaignNamed, type Outcome } from "@/lib/campaigns";
import { FIELD_NAMES, typedIn } from "@/lib/fields";
import { countryOptions } from "@/lib/i18n/country-names";
import type { Locale } from "@/lib/i18n/locales";
import { type ErrorKey, messagesFor } from "@/lib/i18n/messages";
import { type FieldErrors, TRAP_FIELD } from "@/lib/signing";

export type SignatureFormProps = {
  locale: Locale;
  slug: string;
  status: "open" | "closed";
  /** What became of it, once it is closed. */
  outcome?: Outcome | undefined;
  typed?: TypedFields | undefined;
  errors?: FieldErrors | undefined;
  notice?: FormNotice | undefined;
  challenge?: FormChallenge | undefined;
  /** True if another site frames the form: the answer then opens in a new tab, since it may not be framed. */
  framed?: boolean;
};

export const NOTHING_TYPED: TypedFields = { ...typedIn({}), ref: "" };

/** The petition's form, or the notice that it is closed. Plain HTML: it works without scripts. */
export function SignatureForm({
  locale,
  slug,
  status,
  outcome,
  typed = NOTHING_TYPED,
  errors = {},
  notice,
  challenge,
  framed,
}: SignatureFormProps) {
  const { form, consent, message, outcome: ended, signature } = messagesFor(locale);
  if (status === "closed") {
    return (
      <section className="form" id="sign">
        <h2>{outcome === undefined ? message.closed.title : ended.names[outcome]}</h2>
        {outcome === undefined ? null : <p>{message.closed.title}</p>}
        <p>{message.closed.text}</p>
        <p>
          <a href={`/${locale}/signature`}>{signature.lostTitle}</a>
        </p>
      </section>
    );
  }
  const version = campaignNamed(slug)?.version;
  return (
    <section className="form" id="sign" aria-labelledby="sign-title">
      <Alert locale={locale} errors={errors} notice={notice} />
      <h2 id="sign-title">{form.title}</h2>
      <p>{form.lead}</p>
      <form
        method="post"
        action={`/api/petitions/${slug}/signatures`}
        noValidate
        {...(challenge ? { "data-challenge": JSON.stringify(challenge.work) } : {})}
        {...(framed ? { target: "_blank", rel: "noopener" } : {})}
      >
        <input type="hidden" name="locale" value={locale} />
        {version === undefined ? null : <input type="hidden" name="textVersion" value={version} />}
        {typed.ref === "" ? null : <input type="hidden" name="ref" value={typed.ref} />}
        {typed.origin ? <input type="hidden" name="origin" value={typed.origin} /> : null}
        {typed.permit ? <input type="hidden" name="permit" value={typed.permit} /> : null}
        <p hidden>
          <label htmlFor={TRAP_FIELD}>{form.leaveEmpty}</label>
          <input id={TRAP_FIELD} name={TRAP_FIELD} autoComplete="off" />
        </p>
        <p className="hint">{form.required}</p>
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
        <Field locale={locale} name="email" label={form.email} hint={form.emailHint} errors={errors.email}>
          <input
            {...fieldAttributes("email", errors.email, true)}
            type="email"
            autoComplete="email"
            dir="ltr"
            required
            defaultValue={typed.email}
          />
        </Field>
        <Field locale={locale} name="country" label={form.country} errors={errors.country}>
          <select
            {...fieldAttributes("country", errors.country, false)}
            autoComplete="country"
            required
            defaultValue={typed.country}
          >
            <option value="">{form.countryEmpty}</option>
            {countryOptions(locale).map(({ code, name }) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </Field>
        <fieldset>
          <legend>{form.choices}</legend>
          <Tick
            name="consent"
            label={consent}
            ticked={typed.consent}
            required
            errors={errors.consent}
            locale={locale}
          />
          <Tick
            name="publicName"
            label={form.publicName}
            hint={form.publicNameHint}
            ticked={typed.publicName}
            locale={locale}
          />
          <Tick name="updates" label={form.updates} ticked={typed.updates} locale={locale} />
        </fieldset>
        <button type="submit">{form.submit}</button>
      </form>
      <p>
        <a href={`/${locale}/privacy`} {...(framed ? { target: "_blank", rel: "noopener" } : {})}>
          {form.privacy}
        </a>
      </p>
      {challenge ? (
        <script src={challenge.solver.path} integrity={challenge.solver.integrity} type="module" />
      ) : null}
    </section>
  );
}

/** Returns whether the page must begin with an error or a notice. */
export function needsAttention({ errors, notice }: Pick<SignatureFormProps, "errors" | "notice">): boolean {
  return notice !== undefined || Object.keys(errors ?? {}).length > 0;
}

type AlertProps = { locale: Locale; errors: FieldErrors; notice: FormNotice | undefined };

function Alert({ locale, errors, notice }: AlertProps) {
  if (!needsAttention({ errors, notice })) return null;
  const { form, errors: words } = messagesFor(locale);
  const announced = notice === undefined ? null : form.notices[notice];
  return (
    // biome-ignore lint/a11y/noAutofocus: after a failed post the reader must land on what went wrong, with no script.
    <div className="alert" id="errors" role="alert" tabIndex={-1} autoFocus>
      <h2>{announced?.title ?? form.errorSummary}</h2>
      <p>{announced?.text ?? form.errorLead}</p>
      <ul>
        {FIELD_NAMES.flatMap((field) =>
          (errors[field] ?? []).map((key) => (
            <li key={key}>{field === "locale" ? words[key] : <a href={`#${field}`}>{words[key]}</a>}</li>
          )),
        )}
      </ul>
    </div>
  );
}

/** Returns the attributes that link a field to its label, hint and messages. */
export function fieldAttributes(name: string, errors: readonly ErrorKey[] | undefined, hinted: boolean) {
  const wrong = errors !== undefined && errors.length > 0;
  const described = [hinted ? `${name}-hint` : "", wrong ? `${name}-error` : ""].filter(Boolean).join(" ");
  return {
    id: name,
    name,
    ...(described === "" ? {} : { "aria-describedby": described }),
    ...(wrong ? { "aria-invalid": true } : {}),
  };
}

type FieldProps = {
  locale: Locale;
  name: string;
  label: string;
  hint?: string;
  errors: readonly ErrorKey[] | undefined;
  children: ReactNode;
};

export function Field({ locale, name, label, hint, errors, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {hint === undefined ? null : (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
      <Mistakes locale={locale} name={name} errors={errors} />
      {children}
    </div>
  );
}

function Mistakes({
  locale,
  name,
  errors,
}: {
  locale: Locale;
  name: string;
  errors: readonly ErrorKey[] | undefined;
}) {
  if (errors === undefined || errors.length === 0) return null;
  const words = messagesFor(locale).errors;
  return (
    <p className="err" id={`${name}-error`}>
      {errors.map((key) => words[key]).join(" ")}
    </p>
  );
}

type TickProps = {
  locale: Locale;
  name: string;
  label: string;
  hint?: string;
  ticked: boolean;
  required?: boolean;
  errors?: readonly ErrorKey[] | undefined;
};

export function Tick({ locale, name, label, hint, ticked, required = false, errors }: TickProps) {
  return (
    <div className="tick">
      <Mistakes locale={locale} name={name} errors={errors} />
      <input
        {...fieldAttributes(name, errors, hint !== undefined)}
        type="checkbox"
        value="yes"
        required={required}
        defaultChecked={ticked}
      />
      <label htmlFor={name}>{label}</label>
      {hint === undefined ? null : (
        <p className="hint" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

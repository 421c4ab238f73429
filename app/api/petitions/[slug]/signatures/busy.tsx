import { render } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { NOTHING_TYPED } from "@/components/form/SignatureForm";
import type { TypedFields } from "@/components/form/types";
import { formFieldsBy } from "@/lib/fields";
import { escapeHtml } from "@/lib/http/escape-html";
import type { Locale } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";

/** Fields whose text is put into the template. Their placeholders need no escaping and occur nowhere else. */
const TEXTS = [...formFieldsBy("text"), "ref", "origin", "permit"] as const;
const TICKS = formFieldsBy("tick");
/** Anything else is no option of the list. */
const COUNTRY = /^[A-Z]{2}$/;
const placeholder = (field: string) => `TYPED-${field}-TYPED`;
const PLACEHOLDERS = new RegExp(placeholder(`(${TEXTS.join("|")})`), "g");

const templates = perProcess("signatures/busy", () => new Map<string, Promise<string>>());

/**
 * The campaign page that says we cannot take the signature right now, with everything that was typed. Filled in instead of
 * rendered: it is for when there is no time, and rendering takes longer than signing.
 */
export async function busyPage(slug: string, locale: Locale, typed: TypedFields): Promise<string> {
  const key = `${locale}/${slug}`;
  const template = templates.get(key) ?? renderTemplate(slug, locale);
  templates.set(key, template);
  return fill(await template, typed);
}

function renderTemplate(slug: string, locale: Locale): Promise<string> {
  const typed: TypedFields = { ...NOTHING_TYPED };
  for (const field of TEXTS) typed[field] = placeholder(field);
  return render(
    <CampaignPage
      site={site()}
      locale={locale}
      slug={slug}
      status="open"
      count={null}
      goal={0}
      updatedAt={null}
      typed={typed}
      notice="unavailable"
    />,
  );
}

function fill(template: string, typed: TypedFields): string {
  let page = template;
  for (const field of ["ref", "origin", "permit"] as const)
    if (!typed[field]) page = page.replace(new RegExp(`<input type="hidden" name="${field}"[^>]*>`), "");
  // In one pass: what somebody typed may itself look like a placeholder.
  page = page.replace(PLACEHOLDERS, (_, field: (typeof TEXTS)[number]) => escapeHtml(typed[field] ?? ""));
  for (const field of TICKS) if (typed[field]) page = page.replace(`<input id="${field}"`, '$& checked=""');
  return COUNTRY.test(typed.country)
    ? page.replace(`<option value=${typed.country}`, '$& selected=""')
    : page;
}

import { render } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { NOTHING_TYPED } from "@/components/form/SignatureForm";
import type { TypedFields } from "@/components/form/types";
import { campaignNamed } from "@/lib/campaigns";
import { formFieldsBy } from "@/lib/fields";
import { escapeHtml } from "@/lib/http/escape-html";
import { countryOptions } from "@/lib/i18n/country-names";
import type { Locale } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";
import { pictureSources } from "@/lib/pictures";
import { documentShareTexts, shareSubject } from "@/lib/sharing";

const TEXTS = formFieldsBy("text");
/** Omitted from the form when empty. */
const HIDDEN = ["ref", "origin", "permit"] as const satisfies readonly (keyof TypedFields)[];
const TICKS = formFieldsBy("tick");
/** Placeholder for a text in the template. It needs no escaping and occurs nowhere else. */
const placeholder = (field: string) => `TYPED-${field}-TYPED`;

/** A part of the page: fixed text, or a function of what was typed. */
type Part = string | ((typed: TypedFields) => string);
/** A range of the rendered page and what replaces it. */
type Slot = { from: number; to: number; fill: (typed: TypedFields) => string };

/** The templates by language and campaign, with the version of the text they show. */
const templates = perProcess(
  "signatures/busy",
  () => new Map<string, { version: number | undefined; parts: Promise<readonly Part[]> }>(),
);

/**
 * Returns the campaign page saying that we cannot take the signature right now, with everything that was
 * typed. Assembled from parts rendered in advance: it is needed under load, and rendering takes longer than
 * signing.
 */
export async function busyPage(slug: string, locale: Locale, typed: TypedFields): Promise<string> {
  const key = `${locale}/${slug}`;
  const version = campaignNamed(slug)?.version;
  const known = templates.get(key);
  const template =
    known !== undefined && known.version === version ? known : { version, parts: makeTemplate(slug, locale) };
  templates.set(key, template);
  return (await template.parts).map((part) => (typeof part === "string" ? part : part(typed))).join("");
}

async function makeTemplate(slug: string, locale: Locale): Promise<readonly Part[]> {
  const typed: TypedFields = { ...NOTHING_TYPED };
  for (const field of [...TEXTS, ...HIDDEN]) typed[field] = placeholder(field);
  const page = await render(
    <CampaignPage
      site={site()}
      locale={locale}
      slug={slug}
      status="open"
      count={null}
      goal={0}
      updatedAt={null}
      texts={documentShareTexts(slug, locale)}
      subject={shareSubject(slug, locale)}
      picture={(name) => pictureSources(slug, name)}
      typed={typed}
      notice="unavailable"
    />,
  );
  const slots = [...textSlots(page), ...hiddenSlots(page), ...tickSlots(page), ...countrySlots(page, locale)];
  const parts: Part[] = [];
  let at = 0;
  for (const { from, to, fill } of slots.sort((one, other) => one.from - other.from)) {
    parts.push(page.slice(at, from), fill);
    at = to;
  }
  return [...parts, page.slice(at)];
}

function* textSlots(page: string): Generator<Slot> {
  for (const field of TEXTS) {
    const text = placeholder(field);
    for (let from = page.indexOf(text); from >= 0; from = page.indexOf(text, from + text.length))
      yield { from, to: from + text.length, fill: (typed) => escapeHtml(typed[field]) };
  }
}

function* hiddenSlots(page: string): Generator<Slot> {
  for (const field of HIDDEN) {
    const text = placeholder(field);
    for (let at = page.indexOf(text); at >= 0; at = page.indexOf(text, at + text.length)) {
      const from = page.lastIndexOf("<", at);
      const to = page.indexOf(">", at) + 1;
      const [before, after] = [page.slice(from, at), page.slice(at + text.length, to)];
      yield {
        from,
        to,
        fill: ({ [field]: value = "" }) => (value === "" ? "" : before + escapeHtml(value) + after),
      };
    }
  }
}

function* tickSlots(page: string): Generator<Slot> {
  for (const field of TICKS) {
    const to = endOf(`<input id="${field}"`, page);
    yield { from: to, to, fill: (typed) => (typed[field] ? ' checked=""' : "") };
  }
}

/** Any country of the list may be the chosen one. */
function* countrySlots(page: string, locale: Locale): Generator<Slot> {
  for (const { code } of countryOptions(locale)) {
    const to = endOf(`<option value="${code}"`, page);
    yield { from: to, to, fill: ({ country }) => (country === code ? ' selected=""' : "") };
  }
}

/** Returns where the beginning of a tag ends, so that an attribute can be inserted. */
function endOf(beginning: string, page: string): number {
  const at = page.indexOf(beginning);
  if (at < 0) throw new Error(`the form has no ${beginning}`);
  return at + beginning.length;
}

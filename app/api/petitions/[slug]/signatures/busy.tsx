import { render, renderPart } from "@/app/(public)/_pages/render";
import { site } from "@/app/(public)/_pages/site";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { SignatureForm } from "@/components/form/SignatureForm";
import type { TypedFields } from "@/components/form/types";
import type { Locale } from "@/lib/i18n/locales";
import { perProcess } from "@/lib/per-process";

/** Stands for the form in the page around it. It needs no escaping and occurs nowhere else. */
const FORM_PLACEHOLDER = "FORM-PLACEHOLDER";

const surroundings = perProcess("signatures/busy", () => new Map<string, Promise<[string, string]>>());

/**
 * The campaign page that says we cannot take the signature right now, with everything that was typed. Only the form is
 * rendered for each signer, since there is no time for more: the page around it is rendered once.
 */
export async function busyPage(slug: string, locale: Locale, typed: TypedFields): Promise<string> {
  const key = `${locale}/${slug}`;
  const around = surroundings.get(key) ?? renderAround(slug, locale);
  surroundings.set(key, around);
  const [before, after] = await around;
  const form = <SignatureForm locale={locale} slug={slug} status="open" typed={typed} notice="unavailable" />;
  return before + (await renderPart(form)) + after;
}

/** @returns the markup before the form and after it. */
async function renderAround(slug: string, locale: Locale): Promise<[string, string]> {
  const page = await render(
    <CampaignPage
      site={site()}
      locale={locale}
      slug={slug}
      status="open"
      count={null}
      goal={0}
      updatedAt={null}
      notice="unavailable"
      form={FORM_PLACEHOLDER}
    />,
  );
  const [before = "", after = ""] = page.split(FORM_PLACEHOLDER);
  return [before, after];
}

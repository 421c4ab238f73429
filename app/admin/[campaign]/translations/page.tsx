import type { Metadata } from "next";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { Languages } from "@/components/admin/translations/Languages";
import { campaignNamed } from "@/lib/campaigns";
import { LOCALES, type Locale } from "@/lib/i18n/locales";
import { progressOf } from "@/lib/translations";
import { add, setLive } from "./actions";

export const metadata: Metadata = { title: "Translations" };

export default campaignPage("translation.view", async ({ slug, may }) => {
  const progress = await progressOf(slug);
  if (!progress) return notThere();
  const { original, languages } = progress;
  const published: readonly Locale[] = campaignNamed(slug)?.settings.languages ?? [];
  const taken: readonly Locale[] = [original, ...languages.map(({ locale }) => locale)];
  return (
    <Languages
      slug={slug}
      original={original}
      languages={languages.map((each) => ({ ...each, published: published.includes(each.locale) }))}
      others={LOCALES.filter((locale) => !taken.includes(locale))}
      actions={may("write") ? { add, setLive } : null}
    />
  );
});

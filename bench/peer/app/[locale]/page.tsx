import path from "node:path";
import { notFound } from "next/navigation";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { readFolder } from "@/lib/campaign-folders";
import { setCampaigns } from "@/lib/campaigns";
import { readCampaign } from "@/lib/document";
import { isLocale, LOCALES } from "@/lib/i18n/locales";
import { documentShareTexts, shareSubject } from "@/lib/sharing";

const SITE = {
  siteUrl: "http://localhost",
  organisation: "Benchmark",
  demonstration: false,
  contact: "bench@example.org",
};

export function generateStaticParams() {
  return LOCALES.map((locale) => ({ locale }));
}

/** Publishes the shipped campaign in this process alone: a build has no database. */
async function publishShipped(): Promise<void> {
  const folder = await readFolder(path.resolve("../../campaigns", CAMPAIGN_SLUG));
  const read = folder.ok ? readCampaign(folder.files) : folder;
  if (!read.ok) throw new Error("the shipped campaign cannot be read");
  const published = { id: "", slug: CAMPAIGN_SLUG, version: 1, publishedAt: new Date(), archived: false };
  setCampaigns([{ ...read.content, ...published, callBefore: null }]);
}

/** Our campaign page as an ordinary App Router page: prerendered, hydrated, with the framework's scripts. */
export default async function Page({ params }: { params: Promise<{ locale: string }> }) {
  const { locale } = await params;
  if (!isLocale(locale)) notFound();
  await publishShipped();
  return (
    <CampaignPage
      site={SITE}
      locale={locale}
      slug={CAMPAIGN_SLUG}
      status="open"
      count={1234}
      goal={10000}
      updatedAt="2026-11-24T10:00:00Z"
      texts={documentShareTexts(CAMPAIGN_SLUG, locale)}
      subject={shareSubject(CAMPAIGN_SLUG, locale)}
    />
  );
}

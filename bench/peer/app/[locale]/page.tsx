import { notFound } from "next/navigation";
import { CAMPAIGN_SLUG } from "@/bench/campaign";
import { CampaignPage } from "@/components/campaign/CampaignPage";
import { isLocale, LOCALES } from "@/lib/i18n/locales";

const SITE = {
  siteUrl: "http://localhost",
  organisation: "Benchmark",
  demonstration: false,
  contact: "bench@example.org",
};

export function generateStaticParams() {
  return LOCALES.map((locale) => ({ locale }));
}

/** Our campaign page as an ordinary App Router page: prerendered, hydrated, with the framework's scripts. */
export default async function Page({ params }: { params: Promise<{ locale: string }> }) {
  const { locale } = await params;
  if (!isLocale(locale)) notFound();
  return (
    <CampaignPage
      site={SITE}
      locale={locale}
      slug={CAMPAIGN_SLUG}
      status="open"
      count={1234}
      goal={10000}
      updatedAt="2026-11-24T10:00:00Z"
    />
  );
}

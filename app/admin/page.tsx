import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { campaignSlugs, headlineOf, onlyCampaign } from "@/lib/campaigns";

export const metadata: Metadata = { title: "Campaigns" };

export default deskPage("campaign.list", () => {
  const only = onlyCampaign();
  if (only !== null) redirect(`/admin/${only}`);
  return (
    <>
      <h1>Campaigns</h1>
      <ul>
        {campaignSlugs().map((slug) => (
          <li key={slug}>
            <Link href={`/admin/${slug}`} prefetch={false}>
              {headlineOf(slug)}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
});

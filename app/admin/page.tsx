import type { Metadata } from "next";
import Link from "next/link";
import { redirect } from "next/navigation";
import { campaignsOf } from "@/app/admin/_desk/campaigns";
import { deskPage } from "@/app/admin/_desk/desk-page";
import { headlineOf } from "@/lib/campaigns";

export const metadata: Metadata = { title: "Campaigns" };

export default deskPage("campaign.list", ({ access }) => {
  const campaigns = campaignsOf(access);
  const [only] = campaigns;
  if (only !== undefined && campaigns.length === 1) redirect(`/admin/${only}`);
  return (
    <>
      <h1>Campaigns</h1>
      {only === undefined ? <p>You have no role in a campaign yet. Ask an owner for one.</p> : null}
      <ul>
        {campaigns.map((slug) => (
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

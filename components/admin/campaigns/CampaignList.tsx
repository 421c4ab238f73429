import Link from "next/link";
import type { ReactNode } from "react";
import { stateInWords, workInWords } from "@/components/admin/campaigns/state-words";
import { Wide } from "@/components/admin/Wide";
import type { DeskCampaign } from "@/lib/editing";
import { nativeNameOf } from "@/lib/i18n/locales";

export type ListedCampaign = DeskCampaign & {
  /** The published count; null before it was published. */
  count: number | null;
  mayReadDrafts: boolean;
};

type CampaignListProps = {
  campaigns: readonly ListedCampaign[];
  /** The form for a new campaign; null for those who may not make one. */
  create: ReactNode;
};

/** The campaigns that somebody may see, and where each of them is worked on. */
export function CampaignList({ campaigns, create }: CampaignListProps) {
  const archived = campaigns.filter((campaign) => campaign.archived);
  const current = campaigns.filter((campaign) => !campaign.archived);
  return (
    <>
      <h1>Campaigns</h1>
      {campaigns.length > 0 ? null : create === null ? (
        <p>You have no role in a campaign yet. Ask an owner for one.</p>
      ) : (
        <p>There is no campaign yet. Make the first one below.</p>
      )}
      {current.length === 0 ? null : <CampaignTable label="Campaigns" campaigns={current} />}
      {archived.length === 0 ? null : (
        <details>
          <summary>Archived campaigns</summary>
          <CampaignTable label="Archived campaigns" campaigns={archived} />
        </details>
      )}
      {create}
    </>
  );
}

function CampaignTable({ label, campaigns }: { label: string; campaigns: readonly ListedCampaign[] }) {
  return (
    <Wide label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col">Campaign</th>
            <th scope="col">State</th>
            <th scope="col" className="n">
              Signatures
            </th>
            <th scope="col">Text</th>
            <th scope="col">Public page</th>
          </tr>
        </thead>
        <tbody>
          {campaigns.map((campaign) => (
            <CampaignRow key={campaign.slug} campaign={campaign} />
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function CampaignRow({ campaign }: { campaign: ListedCampaign }) {
  const { slug, title, version, working, languages, count, mayReadDrafts } = campaign;
  const work = version === null ? "" : workInWords(working);
  return (
    <tr>
      <th scope="row">
        <Link href={`/admin/${slug}`} prefetch={false}>
          <bdi>{title}</bdi>
        </Link>
      </th>
      <td>
        {stateInWords(campaign)}
        {work === "" ? null : `; new text ${work}`}
      </td>
      <td className="n">{count === null ? "–" : count.toLocaleString("en")}</td>
      <td>
        {mayReadDrafts ? (
          <>
            <Link href={`/admin/${slug}/text`} prefetch={false}>
              Text
            </Link>
            {", "}
            <Link href={`/admin/${slug}/versions`} prefetch={false}>
              versions
            </Link>
          </>
        ) : null}
      </td>
      <td>
        {version === null
          ? "not published yet"
          : languages.map((locale, at) => (
              <span key={locale}>
                {at === 0 ? null : ", "}
                <a href={`/${locale}/${slug}`} lang={locale}>
                  {nativeNameOf(locale)}
                </a>
              </span>
            ))}
      </td>
    </tr>
  );
}

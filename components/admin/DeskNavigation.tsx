"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { CAMPAIGN_PLACES, OTHER_PLACES } from "@/components/admin/places";
import { type Locale, nativeNameOf } from "@/lib/i18n/locales";
import type { Permission } from "@/lib/roles";

type NavigatedCampaign = {
  slug: string;
  title: string;
  /** The languages of its public page; none before it is published. */
  pages: readonly Locale[];
  archived: boolean;
  /** What they may do in it. */
  may: readonly Permission[];
};

type DeskNavigationProps = {
  label: string;
  /** Their own role, which holds everywhere. */
  role: string;
  /** The campaigns that they may see something of. */
  campaigns: readonly NavigatedCampaign[];
  /** What they may do everywhere. */
  may: readonly Permission[];
};

/**
 * The desk's navigation: the pages of the current campaign and the others that somebody may open, with
 * the current one marked, and the sign-out. Nothing is fetched ahead: that would keep an idle session alive.
 */
export function DeskNavigation({ label, role, campaigns, may }: DeskNavigationProps) {
  const here = usePathname();
  const current = campaigns.find(
    ({ slug }) => here === `/admin/${slug}` || here.startsWith(`/admin/${slug}/`),
  );
  const campaign = current ?? (campaigns.length === 1 ? campaigns[0] : undefined);
  const places = [
    ...(campaigns.length > 1 || may.includes("create") ? [{ path: "/admin", name: "All campaigns" }] : []),
    ...(campaign === undefined
      ? []
      : CAMPAIGN_PLACES.filter(({ needs }) => campaign.may.includes(needs)).map(({ path, name }) => ({
          path: `/admin/${campaign.slug}${path}`,
          name,
        }))),
  ];
  const others = campaigns.filter(({ slug, archived }) => slug !== campaign?.slug && !archived);
  return (
    <nav aria-label="Desk">
      {campaign === undefined ? null : (
        <p>
          <strong>
            <bdi>{campaign.title}</bdi>
          </strong>
        </p>
      )}
      <ul>
        {places.map(({ path, name }) => (
          <Place key={path} path={path} name={name} here={here} />
        ))}
        {campaign?.pages.map((locale) => (
          <li key={locale}>
            <a href={`/${locale}/${campaign.slug}`}>
              View page{campaign.pages.length > 1 ? ": " : null}
              {campaign.pages.length > 1 ? <bdi lang={locale}>{nativeNameOf(locale)}</bdi> : null}
            </a>
          </li>
        ))}
        {OTHER_PLACES.filter(({ needs }) => may.includes(needs)).map(({ path, name }) => (
          <Place key={path} path={path} name={name} here={here} />
        ))}
        <li>
          <form method="post" action="/admin/sign-out" className="inline">
            <button type="submit" className="quiet">
              Sign out {label} ({role})
            </button>
          </form>
        </li>
      </ul>
      {others.length === 0 ? null : (
        <details>
          <summary>{campaign === undefined ? "Campaigns" : "Other campaigns"}</summary>
          <ul>
            {others.map(({ slug, title }) => (
              <li key={slug}>
                <Link href={`/admin/${slug}`} prefetch={false}>
                  <bdi>{title}</bdi>
                </Link>
              </li>
            ))}
          </ul>
        </details>
      )}
    </nav>
  );
}

function Place({ path, name, here }: { path: string; name: string; here: string }) {
  return (
    <li>
      {path === here ? (
        // Reloads the page: what a form has found does not stay.
        <a href={path} aria-current="page">
          {name}
        </a>
      ) : (
        <Link href={path} prefetch={false}>
          {name}
        </Link>
      )}
    </li>
  );
}

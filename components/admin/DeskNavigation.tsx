"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { CAMPAIGN_PLACES, OTHER_PLACES } from "@/components/admin/places";
import type { Permission } from "@/lib/roles";

type DeskNavigationProps = {
  label: string;
  /** Their own role, which holds everywhere. */
  role: string;
  /** The campaigns that they may see something of, and what they may do in each. */
  campaigns: readonly { slug: string; headline: string; may: readonly Permission[] }[];
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
    ...(campaign === undefined
      ? campaigns.map(({ slug, headline }) => ({ path: `/admin/${slug}`, name: headline }))
      : CAMPAIGN_PLACES.filter(({ needs }) => campaign.may.includes(needs)).map(({ path, name }) => ({
          path: `/admin/${campaign.slug}${path}`,
          name,
        }))),
    ...OTHER_PLACES.filter(({ needs }) => may.includes(needs)),
  ];
  return (
    <nav aria-label="Desk">
      <ul>
        {campaigns.length === 1 || campaign === undefined ? null : (
          <li>
            <Link href="/admin" prefetch={false}>
              All campaigns
            </Link>
          </li>
        )}
        {places.map(({ path, name }) => (
          <li key={path}>
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
        ))}
        <li>
          <form method="post" action="/admin/sign-out" className="inline">
            <button type="submit" className="quiet">
              Sign out {label} ({role})
            </button>
          </form>
        </li>
      </ul>
    </nav>
  );
}

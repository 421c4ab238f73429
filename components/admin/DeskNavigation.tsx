"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { CAMPAIGN_PLACES, OTHER_PLACES, RIGHTS, type ShownRole } from "@/components/admin/places";

type DeskNavigationProps = {
  label: string;
  role: ShownRole;
  campaigns: readonly { slug: string; headline: string }[];
};

/**
 * The desk's navigation: the pages of the current campaign and the others that a role may open, with the
 * current one marked, and the sign-out. Nothing is fetched ahead: that would keep an idle session alive.
 */
export function DeskNavigation({ label, role, campaigns }: DeskNavigationProps) {
  const here = usePathname();
  const current = campaigns.find(
    ({ slug }) => here === `/admin/${slug}` || here.startsWith(`/admin/${slug}/`),
  );
  const campaign = current ?? (campaigns.length === 1 ? campaigns[0] : undefined);
  const places = [
    ...(campaign === undefined
      ? campaigns.map(({ slug, headline }) => ({
          path: `/admin/${slug}`,
          name: headline,
          role: "viewer" as const,
        }))
      : CAMPAIGN_PLACES.map((place) => ({ ...place, path: `/admin/${campaign.slug}${place.path}` }))),
    ...OTHER_PLACES,
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
        {places
          .filter((place) => RIGHTS[role] >= RIGHTS[place.role])
          .map(({ path, name }) => (
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

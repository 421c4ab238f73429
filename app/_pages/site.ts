import type { SiteProps } from "@/components/document/types";
import { settings } from "@/lib/settings";

/** What every page says of who runs the site. */
export function site(): SiteProps {
  const { siteUrl, organisationName, demonstration } = settings();
  return { siteUrl, organisation: organisationName, demonstration };
}

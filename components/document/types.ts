/** What every page says of who runs the site. */
export type SiteProps = { siteUrl: string; organisation: string; demonstration: boolean; contact: string };

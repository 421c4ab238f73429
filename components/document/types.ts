import type { Locale } from "@/lib/i18n/locales";

/** A script of ours, with what it must hash to (Subresource Integrity). */
export type Script = { path: string; integrity: string };

/** What every page says of who runs the site. */
export type SiteProps = {
  siteUrl: string;
  organisation: string;
  demonstration: boolean;
  contact: string;
  /** The script that adds to pages what a browser with JavaScript can do; every page works without. */
  enhancement?: (locale: Locale) => Script;
};

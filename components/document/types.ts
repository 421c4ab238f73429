import type { Locale } from "@/lib/i18n/locales";

/** A script of ours and its Subresource Integrity hash. */
export type Script = { path: string; integrity: string };

/** What every page says about who runs the site. */
export type SiteProps = {
  siteUrl: string;
  organisation: string;
  demonstration: boolean;
  contact: string;
  /** The script that enhances pages in browsers with JavaScript; every page works without it. */
  enhancement?: (locale: Locale) => Script;
};

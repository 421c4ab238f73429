import type { SiteProps } from "@/components/document/types";
import { campaignPath, onlyCampaign } from "@/lib/campaigns";
import type { Locale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { enhancementFor } from "./enhancement";

/** Returns what every page says about who runs the site. */
export function site(): SiteProps {
  const { siteUrl, organisationName, demonstration, mailFrom } = settings();
  return {
    siteUrl,
    organisation: organisationName,
    demonstration,
    contact: addressIn(mailFrom),
    enhancement: enhancementFor,
  };
}

/** Returns where pages without a campaign link to: the only campaign, or the list. */
export function homePath(locale: Locale): string {
  const only = onlyCampaign();
  return only === null ? `/${locale}` : campaignPath(only, locale);
}

/** Extracts the address from a sender such as `Name <name@example.org>` (RFC 5322, 3.4). */
function addressIn(sender: string): string {
  return /<([^>]+)>/.exec(sender)?.[1] ?? sender;
}

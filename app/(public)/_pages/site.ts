import type { SiteProps } from "@/components/document/types";
import { onlyCampaign } from "@/lib/campaigns";
import type { Locale } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import { enhancementFor } from "./enhancement";

/** What every page says of who runs the site. */
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

/** Where pages that are about no campaign lead: to the only one, or to the list. */
export function homePath(locale: Locale): string {
  const only = onlyCampaign();
  return only === null ? `/${locale}` : `/${locale}/${only}`;
}

/** The address in a sender such as `Name <name@example.org>` (RFC 5322, 3.4). */
function addressIn(sender: string): string {
  return /<([^>]+)>/.exec(sender)?.[1] ?? sender;
}

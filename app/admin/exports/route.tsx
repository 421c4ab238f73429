import { adminPage, forRole, organisation, signedInAs } from "@/app/_admin/page";
import { ExportsPage } from "@/components/admin/ExportsPage";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { lastExports } from "@/lib/export";
import { countryOptions, DEFAULT_LOCALE } from "@/lib/i18n/locales";

/** What to export and why, and how the last exports went. */
export function GET(request: Request): Promise<Response> {
  return forRole(request, "exporter", async (actor) =>
    adminPage(
      <ExportsPage
        organisation={organisation()}
        signedIn={signedInAs(actor)}
        slug={CAMPAIGN_SLUG}
        countries={countryOptions(DEFAULT_LOCALE)}
        runs={await lastExports(CAMPAIGN_SLUG)}
      />,
    ),
  );
}

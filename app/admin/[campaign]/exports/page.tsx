import type { Metadata } from "next";
import { campaignPage } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import { Exports } from "@/components/admin/Exports";
import { lastExports, savedSettings } from "@/lib/export";
import { countryOptions } from "@/lib/i18n/country-names";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import { askForPacket, deleteChoices, exportOrSave } from "./actions";

export const metadata: Metadata = { title: "Exports" };

export default campaignPage(
  "exports.view",
  async ({ slug }, { searchParams }: PageProps<"/admin/[campaign]/exports">) => {
    const [query, saved, runs] = await Promise.all([
      queryOf(searchParams),
      savedSettings(slug),
      lastExports(slug),
    ]);
    return (
      <Exports
        slug={slug}
        countries={countryOptions(DEFAULT_LOCALE)}
        query={query}
        saved={saved}
        runs={runs}
        actions={{ exportOrSave, delete: deleteChoices, packet: askForPacket }}
      />
    );
  },
);

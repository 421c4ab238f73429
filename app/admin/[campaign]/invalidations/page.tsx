import type { Metadata } from "next";
import { z } from "zod";
import { campaignPage } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import { Invalidations } from "@/components/admin/Invalidations";
import { countryOptions } from "@/lib/i18n/country-names";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import { INVALID_REASONS, invalidationJobs, ruleOfGroup } from "@/lib/moderation";
import { described } from "@/lib/signatories";
import { previewRule, startJob, stopOrUndo } from "./actions";

export const metadata: Metadata = { title: "Mark invalid by rule" };

/**
 * The form for a rule, and the jobs that marked signatures by one. `group` chooses a review group instead of
 * conditions; `started` is the job that was just started.
 */
export default campaignPage(
  "invalidation.view",
  async ({ slug }, { searchParams }: PageProps<"/admin/[campaign]/invalidations">) => {
    const query = await queryOf(searchParams);
    const group = query.get("group");
    const [jobs, by] = await Promise.all([
      invalidationJobs(slug),
      group === null ? null : conditionsOfGroup(slug, group),
    ]);
    return (
      <Invalidations
        desk={`/admin/${slug}`}
        group={group === null ? null : { id: group, by }}
        started={jobs.find(({ id }) => id === query.get("started"))?.id ?? null}
        jobs={jobs}
        countries={countryOptions(DEFAULT_LOCALE)}
        reasons={INVALID_REASONS}
        actions={{ preview: previewRule, start: startJob, stopOrUndo }}
      />
    );
  },
);

/** Returns what a group's signatures have in common, in words that identify nobody; null if it is gone. */
async function conditionsOfGroup(slug: string, group: string): Promise<string | null> {
  const rule = z.uuid().safeParse(group).success ? await ruleOfGroup(slug, group) : null;
  return rule && described(rule);
}

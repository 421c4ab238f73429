import type { Metadata } from "next";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { localeIn } from "@/app/admin/_desk/locale";
import { AllowedSites } from "@/components/admin/settings/AllowedSites";
import { CampaignStatus } from "@/components/admin/settings/CampaignStatus";
import { FourEyes } from "@/components/admin/settings/FourEyes";
import { Goals } from "@/components/admin/settings/Goals";
import { ShareTexts } from "@/components/admin/settings/ShareTexts";
import { textIn } from "@/lib/document";
import { filesOf } from "@/lib/editing";
import type { Locale } from "@/lib/i18n/locales";
import { RETENTION } from "@/lib/privacy";
import { settings } from "@/lib/settings";
import {
  allowedOrigins,
  channelCodes,
  documentShareTexts,
  goalFields,
  goalsOf,
  MILESTONES_PERCENT,
  milestonesOf,
  originFields,
  ownShareTexts,
  SHARE_TEXT_KEYS,
  shareTextField,
  shareTextFields,
  shareTextLimit,
} from "@/lib/sharing";
import { CONFIRMATION_DAYS, campaignFigures } from "@/lib/signing";
import {
  archiveOrUnarchive,
  closeOrReopen,
  handOver,
  saveFourEyes,
  saveGoals,
  saveOrigins,
  saveTexts,
} from "./actions";

export const metadata: Metadata = { title: "Campaign settings" };

export default campaignPage(
  "campaign.view",
  async ({ slug, campaign }, { searchParams }: PageProps<"/admin/[campaign]/settings">) => {
    const fourEyes = <FourEyes fourEyes={campaign.fourEyes} save={saveFourEyes} />;
    const title = (
      <h1>
        Settings of “<bdi>{campaign.title}</bdi>”
      </h1>
    );
    if (campaign.version === null)
      return (
        <>
          {title}
          <p>The campaign is not published yet. Its other settings are here once people can sign it.</p>
          {fourEyes}
        </>
      );
    const locale = await localeIn(searchParams);
    const [figures, goals, milestones, allowed, own, codes] = await Promise.all([
      campaignFigures(slug),
      goalsOf(slug),
      milestonesOf(slug),
      allowedOrigins(slug),
      ownShareTexts(slug, locale),
      channelCodes(slug, 1),
    ]);
    if (!figures || !goals || !codes || allowed === null) return notThere();
    const builtIn = documentShareTexts(slug, locale);
    const texts = SHARE_TEXT_KEYS.map((key) => ({
      key,
      field: shareTextField(key),
      builtIn: builtIn[key],
      own: own[key] ?? null,
      limit: shareTextLimit(key),
      address: `${settings().siteUrl}/s/${codes[key]}`,
    }));
    return (
      <>
        {title}
        <p>What you save here appears on every page, picture and feed at once, and in the audit log.</p>
        <CampaignStatus
          campaign={campaign}
          outcomeTexts={await outcomeTextsOf(slug, campaign.version, campaign.languages)}
          confirmationDays={CONFIRMATION_DAYS}
          keptMonths={{ closed: RETENTION.closedMonths, handedOver: RETENTION.handedOverMonths }}
          actions={{ closeOrReopen, handOver, archiveOrUnarchive }}
        />
        {fourEyes}
        <Goals
          count={figures.count}
          saved={goalFields(goals)}
          milestones={milestones}
          percentages={MILESTONES_PERCENT}
          save={saveGoals}
        />
        <AllowedSites saved={originFields(allowed)} save={saveOrigins} />
        <ShareTexts
          locale={locale}
          texts={texts}
          saved={shareTextFields(slug, locale, own)}
          address={(other) => `/admin/${slug}/settings?locale=${other}#texts`}
          save={saveTexts}
        />
      </>
    );
  },
);

/** Returns what a version says of the outcome, by language. */
async function outcomeTextsOf(slug: string, version: number, languages: readonly Locale[]) {
  const files = await filesOf(slug, version);
  return new Map(
    languages.flatMap((locale) => {
      const text = textIn(files?.get(`${locale}.md`) ?? "", "outcome");
      return text === null ? [] : [[locale, text] as const];
    }),
  );
}

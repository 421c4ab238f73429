import type { Metadata } from "next";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { localeIn } from "@/app/admin/_desk/locale";
import { AllowedSites } from "@/components/admin/settings/AllowedSites";
import { CampaignStatus } from "@/components/admin/settings/CampaignStatus";
import { Goals } from "@/components/admin/settings/Goals";
import { ShareTexts } from "@/components/admin/settings/ShareTexts";
import { headlineOf } from "@/lib/campaigns";
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
import { closeOrReopen, saveGoals, saveOrigins, saveTexts } from "./actions";

export const metadata: Metadata = { title: "Campaign settings" };

export default campaignPage(
  "campaign.view",
  async ({ slug }, { searchParams }: PageProps<"/admin/[campaign]/settings">) => {
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
        <h1>Settings of “{headlineOf(slug)}”</h1>
        <p>What you save here appears on every page, picture and feed at once, and in the audit log.</p>
        <CampaignStatus
          status={figures.status}
          confirmationDays={CONFIRMATION_DAYS}
          closeOrReopen={closeOrReopen}
        />
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

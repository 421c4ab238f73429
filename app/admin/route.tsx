import { z } from "zod";
import { deskRefresh } from "@/app/(public)/_pages/enhancement";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { forAction } from "@/app/admin/_desk/action";
import { adminPage, organisation, signedInAs } from "@/app/admin/_desk/document";
import { DeskPage } from "@/components/admin/DeskPage";
import { PublishedDeskPage } from "@/components/admin/PublishedDeskPage";
import { alarmsOf } from "@/lib/abuse";
import { type ShownEntry, searchAudit, securityAlarms } from "@/lib/audit";
import { contentFor, ONLY_CAMPAIGN } from "@/lib/campaigns";
import { deskFor } from "@/lib/desk";
import { audienceOf } from "@/lib/disclosure";
import { DEFAULT_LOCALE, LOCALES, nativeNameOf } from "@/lib/i18n/locales";
import { isReviewed } from "@/lib/i18n/messages";
import { backupAlarm } from "@/lib/observability";
import { campaignFigures } from "@/lib/signing";

const LAST_EXPORTS = 10;

/** Serves the desk's overview of the campaign. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "desk.view", async ({ actor }) => {
    const audience = audienceOf(actor);
    const [figures, campaign, exports, alarms, security, backup] = await Promise.all([
      deskFor(ONLY_CAMPAIGN, audience),
      campaignFigures(ONLY_CAMPAIGN),
      searchAudit({ action: "export." }, audience, LAST_EXPORTS),
      alarmsOf(ONLY_CAMPAIGN),
      securityAlarms(),
      backupAlarm(),
    ]);
    if (!figures || !campaign) return answerNotFound(request);
    const common = {
      organisation: organisation(),
      signedIn: signedInAs(actor),
      script: deskRefresh(),
      headline: contentFor(ONLY_CAMPAIGN, DEFAULT_LOCALE)?.headline ?? ONLY_CAMPAIGN,
      goal: campaign.goal,
      exports: exports.map(({ at, actorLabel, action, detail }) => ({
        at,
        who: actorLabel,
        detail: `${action} ${detail}`,
      })),
    };
    if (figures.kind === "published") return adminPage(<PublishedDeskPage {...common} figures={figures} />);
    return adminPage(
      <DeskPage
        {...common}
        figures={figures}
        languages={LOCALES.map((locale) => ({ name: nativeNameOf(locale), reviewed: isReviewed(locale) }))}
        alarms={alarms}
        securityAlarms={security.map((entry) => ({ at: entry.at, what: alarmInWords(entry) }))}
        backup={backup}
        now={new Date()}
      />,
    );
  });
}

const alarmDetail = z.object({ account: z.string().optional(), names: z.number().optional() });

function alarmInWords({ action, actorLabel, detail }: ShownEntry): string {
  const { account, names = 0 } = alarmDetail.parse(JSON.parse(detail));
  if (action === "alarm.names") return `${actorLabel} asked for more than ${names} names within an hour.`;
  return account === undefined
    ? `Ten wrong codes in one session of ${actorLabel}. It was ended.`
    : `Ten wrong codes for ${account}, each with the right password. It should be changed.`;
}

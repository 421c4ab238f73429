import type { Metadata } from "next";
import { campaignPage, notThere } from "@/app/admin/_desk/desk-page";
import { FirstSteps } from "@/components/admin/campaigns/FirstSteps";
import { LiveFigures } from "@/components/admin/overview/LiveFigures";
import { Translations } from "@/components/admin/overview/Translations";
import { TimesShown } from "@/components/admin/TimesShown";
import { overviewFor } from "@/lib/desk";
import { outlookOf, versionsOf } from "@/lib/editing";
import { LOCALES, nativeNameOf } from "@/lib/i18n/locales";
import { isReviewed } from "@/lib/i18n/messages";
import { decideOnMail, resumeAllMail, retryGivenUpMail } from "./actions";

export const metadata: Metadata = { title: "Overview" };

const MAIL = { retry: retryGivenUpMail, decide: decideOnMail, resume: resumeAllMail };

export default campaignPage("desk.view", async (visit) => {
  const { actor, campaign, may, slug } = visit;
  if (campaign.version === null) {
    const [outlook, [draft = null]] = await Promise.all([outlookOf(actor, slug), versionsOf(slug)]);
    return <FirstSteps campaign={campaign} draft={draft} outlook={outlook} />;
  }
  const figures = await overviewFor(slug, visit);
  if (figures === null) return notThere();
  const languages = LOCALES.map((locale) => ({ name: nativeNameOf(locale), reviewed: isReviewed(locale) }));
  return (
    <>
      <h1>
        <bdi>{campaign.title}</bdi>
      </h1>
      <TimesShown />
      <LiveFigures
        figures={figures}
        address={`/api/admin/petitions/${slug}/figures`}
        mail={may("run mail") ? MAIL : null}
      />
      {figures.kind === "exact" ? <Translations languages={languages} /> : null}
    </>
  );
});

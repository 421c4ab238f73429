import { z } from "zod";
import { answerNotFound } from "@/app/(public)/_pages/message";
import { forAction, forForm, type Posted, toReceipt } from "@/app/admin/_desk/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/admin/_desk/document";
import { type CampaignPart, CampaignSettingsPage } from "@/components/admin/CampaignSettingsPage";
import type { Actor } from "@/lib/audit";
import { contentFor, ONLY_CAMPAIGN } from "@/lib/campaigns";
import { redirect } from "@/lib/http/answers";
import { publicPages } from "@/lib/http/public-pages";
import { DEFAULT_LOCALE, isLocale, type Locale } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import { settings } from "@/lib/settings";
import {
  allowedOrigins,
  campaignUpdates,
  changeGoals,
  changeOrigins,
  changeShareTexts,
  channelCodes,
  closeCampaign,
  GOAL_MAX,
  type GoalMistake,
  goalsOf,
  MILESTONES_PERCENT,
  milestonesOf,
  ORIGINS_MAX,
  type OriginMistake,
  ownShareTexts,
  pendingSignatures,
  readGoals,
  readOrigins,
  reopenCampaign,
  shareTextKeys,
  shareTextLimit,
  takeNewsAway,
  UPDATE_TEXT_MAX_CHARACTERS,
  UPDATE_TITLE_MAX_CHARACTERS,
  writeNews,
} from "@/lib/sharing";
import { campaignFigures } from "@/lib/signing";

type Fields = Record<string, string>;
/** A refused form: which part, what was wrong and everything that was typed. */
type Refused = { part: CampaignPart; mistakes: string[]; typed: Fields };

/** Serves the campaign's settings, for owners. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "campaign.view", ({ actor }) => settingsPage(request, actor, null));
}

/** Saves one part of the settings. */
export function POST(request: Request): Promise<Response> {
  const locale = localeOf(request);
  /** Saves a part, or shows what was wrong with it. */
  const saved =
    (part: CampaignPart, save: (posted: Posted) => Promise<string[]>) =>
    async (posted: Posted): Promise<Response> => {
      const { actor, form } = posted;
      const mistakes = await save(posted);
      if (mistakes.length > 0) return settingsPage(request, actor, { part, mistakes, typed: form });
      publicPages.clear();
      return redirect(`/admin/campaign?locale=${locale}&saved=${part}#${part}`);
    };
  /** Redirects to the receipt of a permanent change. */
  const receipt = (actor: Actor, entry: string | null): Promise<Response> | Response => {
    publicPages.clear();
    return entry === null
      ? notice(actor, "Nothing was changed", "It was done already, or is gone.", 410)
      : toReceipt(entry);
  };
  return forForm(request, {
    "campaign.close": {
      howMany: () => pendingSignatures(ONLY_CAMPAIGN),
      act: async ({ actor }) => receipt(actor, await closeCampaign(actor, ONLY_CAMPAIGN)),
    },
    "campaign.reopen": saved("status", async ({ actor }) => {
      await reopenCampaign(actor, ONLY_CAMPAIGN);
      return [];
    }),
    "campaign.goals": saved("goals", async ({ actor, form }) => {
      const read = readGoals(form.goal ?? "", form.nextGoals ?? "");
      if (!read.ok) return [goalMistake(read.mistake)];
      await changeGoals(actor, ONLY_CAMPAIGN, read.goals);
      return [];
    }),
    "campaign.origins": saved("origins", async ({ actor, form }) => {
      const isListed = form.framedBy === "listed";
      const read = readOrigins(isListed ? (form.origins ?? "") : "");
      if (!read.ok) return read.mistakes.map(originMistake);
      await changeOrigins(actor, ONLY_CAMPAIGN, isListed ? read.origins : null);
      return [];
    }),
    "campaign.texts": saved("texts", ({ actor, form }) => saveTexts(actor, locale, form)),
    "campaign.news": saved("news", ({ actor, form }) => saveNews(actor, locale, form, null)),
    "campaign.news.correct": saved("news", ({ actor, form }) => saveNews(actor, locale, form, form.id ?? "")),
    "campaign.news.remove": {
      howMany: async () => 1,
      act: async ({ actor, form }) => {
        const id = z.uuid().safeParse(form.id);
        return receipt(actor, id.success ? await takeNewsAway(actor, ONLY_CAMPAIGN, id.data) : null);
      },
    },
  });
}

function localeOf(request: Request): Locale {
  const asked = new URL(request.url).searchParams.get("locale") ?? "";
  return isLocale(asked) ? asked : DEFAULT_LOCALE;
}

function goalMistake(mistake: GoalMistake): string {
  const advice = `write a whole number from 1 to ${GOAL_MAX.toLocaleString("en")}, like 25,000.`;
  return mistake.kind === "goal" ? `Goal: ${advice}` : `Next goals, “${mistake.typed}”: ${advice}`;
}

function originMistake({ typed, kind }: OriginMistake): string {
  switch (kind) {
    case "no-origin":
      return `“${typed}”: write only where the site is, with nothing behind it, like https://news.example.`;
    case "not-https":
      return `“${typed}”: it must begin with https://, or somebody between it and its readers could change the page.`;
    case "too-many":
      return `“${typed}”: ${ORIGINS_MAX} sites are the most.`;
  }
}

/** Writes only changed texts, so that the log shows what somebody changed. */
async function saveTexts(actor: Actor, locale: Locale, fields: Fields): Promise<string[]> {
  const builtIn = messagesFor(locale).share.texts;
  const own = await ownShareTexts(ONLY_CAMPAIGN, locale);
  const changes: Partial<typeof builtIn> = {};
  const mistakes: string[] = [];
  for (const key of shareTextKeys(locale)) {
    const typed = fields.reset === key ? "" : (fields[`text.${key}`] ?? "").trim().normalize("NFC");
    const wanted = typed === builtIn[key] ? "" : typed;
    const length = [...wanted].length;
    if (length > shareTextLimit(key))
      mistakes.push(`${key}: ${length} characters, and ${shareTextLimit(key)} are the most. Shorten it.`);
    if (wanted !== (own[key] ?? "")) changes[key] = wanted;
  }
  if (mistakes.length === 0 && Object.keys(changes).length > 0)
    await changeShareTexts(actor, ONLY_CAMPAIGN, locale, changes);
  return mistakes;
}

async function saveNews(actor: Actor, locale: Locale, fields: Fields, id: string | null): Promise<string[]> {
  const title = (fields.title ?? "").trim().normalize("NFC");
  const text = (fields.text ?? "").replaceAll("\r\n", "\n").trim().normalize("NFC");
  const within = (words: string, most: number) => words !== "" && [...words].length <= most;
  const mistakes = [
    ...(within(title, UPDATE_TITLE_MAX_CHARACTERS)
      ? []
      : [`Title: write 1 to ${UPDATE_TITLE_MAX_CHARACTERS} characters.`]),
    ...(within(text, UPDATE_TEXT_MAX_CHARACTERS)
      ? []
      : [`Text: write 1 to ${UPDATE_TEXT_MAX_CHARACTERS.toLocaleString("en")} characters.`]),
  ];
  if (mistakes.length > 0) return mistakes;
  const known = id === null || z.uuid().safeParse(id).success;
  const written = known && (await writeNews(actor, ONLY_CAMPAIGN, { locale, title, text }, id));
  return written ? [] : ["There is no such news: it may be gone. Publish it anew."];
}

async function settingsPage(request: Request, actor: Actor, refused: Refused | null): Promise<Response> {
  const locale = localeOf(request);
  const [figures, goals, milestones, origins, own, codes, news] = await Promise.all([
    campaignFigures(ONLY_CAMPAIGN),
    goalsOf(ONLY_CAMPAIGN),
    milestonesOf(ONLY_CAMPAIGN),
    allowedOrigins(ONLY_CAMPAIGN),
    ownShareTexts(ONLY_CAMPAIGN, locale),
    channelCodes(ONLY_CAMPAIGN, 1),
    campaignUpdates(ONLY_CAMPAIGN, locale),
  ]);
  if (!figures || !goals || !codes || origins === null) return answerNotFound(request);
  const builtIn = messagesFor(locale).share.texts;
  const saved = new URL(request.url).searchParams.get("saved");
  return adminPage(
    <CampaignSettingsPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      locale={locale}
      saved={refused === null ? (PARTS.find((part) => part === saved) ?? null) : null}
      refused={refused}
      settings={{
        headline: contentFor(ONLY_CAMPAIGN, DEFAULT_LOCALE)?.headline ?? ONLY_CAMPAIGN,
        slug: ONLY_CAMPAIGN,
        status: figures.status,
        count: figures.count,
        ...goals,
        milestones,
        milestonesPercent: MILESTONES_PERCENT,
        origins: origins === "any-may-frame" ? null : origins,
        texts: shareTextKeys(locale).map((key) => ({
          key,
          builtIn: builtIn[key],
          own: own[key] ?? null,
          limit: shareTextLimit(key),
          address: `${settings().siteUrl}/s/${codes[key]}`,
        })),
        news,
        newsLimits: { title: UPDATE_TITLE_MAX_CHARACTERS, text: UPDATE_TEXT_MAX_CHARACTERS },
      }}
    />,
    refused === null ? 200 : 422,
  );
}

const PARTS: readonly CampaignPart[] = ["status", "goals", "origins", "texts", "news"];

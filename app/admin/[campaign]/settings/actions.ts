"use server";

import { z } from "zod";
import { campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { conflict, done, editIn, failed, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import { CHANNEL_NAMES } from "@/components/admin/settings/channel-names";
import { publicPages } from "@/lib/http/public-pages";
import { LOCALES } from "@/lib/i18n/locales";
import {
  changeGoals,
  changeOrigins,
  changeShareTexts,
  closeCampaign,
  GOAL_MAX,
  type GoalMistake,
  ORIGINS_MAX,
  type OriginMistake,
  pendingSignatures,
  reopenCampaign,
  SHARE_TEXT_KEYS,
  shareTextField,
} from "@/lib/sharing";

const textFields = z.record(z.string(), z.string());

/** Closes the campaign. */
export const close = campaignAction(
  "campaign.close",
  z.object({}),
  async ({ actor, slug }) => {
    const entry = await closeCampaign(actor, slug);
    publicPages.clear();
    return entry === null
      ? failed("The campaign is closed already", "Somebody else may have closed it. Nothing was changed.")
      : redirectTo(`/admin/${slug}/receipts/${entry}`);
  },
  { howMany: ({ slug }) => pendingSignatures(slug) },
);

/** Opens the campaign again. */
export const reopen = campaignAction("campaign.reopen", z.object({}), async ({ actor, slug }) => {
  await reopenCampaign(actor, slug);
  publicPages.clear();
  return done("The campaign is open again, and takes new signatures.");
});

/** The form with one button, which closes or reopens. */
export const closeOrReopen = oneOf({ close, reopen });

const GOAL_LABELS = { goal: "Goal", nextGoals: "Next goals" };

/** Changes the goal and the goals after it. */
export const saveGoals = campaignAction("campaign.goals", textFields, async ({ actor, slug, form }) => {
  const saved = await changeGoals(actor, slug, editIn(form, Object.keys(GOAL_LABELS)));
  if (saved.ok) return shown("The goals have been saved.");
  return "theirs" in saved ? conflict(saved.theirs, GOAL_LABELS) : goalMistake(saved.mistake);
});

function goalMistake(mistake: GoalMistake): Outcome {
  const advice = `write a whole number from 1 to ${GOAL_MAX.toLocaleString("en")}, like 25,000.`;
  return mistake.kind === "goal"
    ? invalid("goal", `Goal: ${advice}`)
    : invalid("nextGoals", `Next goals, “${mistake.typed}”: ${advice}`);
}

const ORIGIN_LABELS = { framedBy: "Who may show the form", origins: "Sites" };
const FRAMED_BY: Record<string, string> = { any: "Any site", listed: "Only the sites listed below" };

/** Changes which sites may show the form. */
export const saveOrigins = campaignAction("campaign.origins", textFields, async ({ actor, slug, form }) => {
  const saved = await changeOrigins(actor, slug, editIn(form, Object.keys(ORIGIN_LABELS)));
  if (saved.ok) return shown("The sites have been saved.");
  if ("theirs" in saved) {
    const { framedBy, ...others } = saved.theirs;
    const chosen = framedBy === undefined ? {} : { framedBy: FRAMED_BY[framedBy] ?? framedBy };
    return conflict({ ...chosen, ...others }, ORIGIN_LABELS);
  }
  // One message for the field: each field shows a single one.
  return invalid("origins", saved.mistakes.map(originMistake).join(" "));
});

function originMistake({ typed, kind }: OriginMistake): string {
  switch (kind) {
    case "no-origin":
      return `Sites, “${typed}”: write only the site’s address without a path, like https://news.example.`;
    case "not-https":
      return `Sites, “${typed}”: it must begin with https://, because anybody on the way could change a page without it.`;
    case "too-many":
      return `Sites, “${typed}”: you can list at most ${ORIGINS_MAX} sites.`;
  }
}

/** Changes the texts for sharing in one language. */
export const saveTexts = campaignAction(
  "campaign.texts",
  z.object({ locale: z.enum(LOCALES, "Language: choose one from the list.") }).catchall(z.string()),
  async ({ actor, slug, form }) => {
    const { locale, ...typed } = form;
    // A button beside a text restores the default, as an empty field does.
    const reset = SHARE_TEXT_KEYS.find((key) => key === typed.reset);
    const fields = reset === undefined ? typed : { ...typed, [shareTextField(reset)]: "" };
    const edit = editIn(fields, SHARE_TEXT_KEYS.map(shareTextField));
    const saved = await changeShareTexts(actor, slug, locale, edit);
    if (saved.ok) return shown("The texts have been saved.");
    if ("theirs" in saved)
      return conflict(
        saved.theirs,
        Object.fromEntries(SHARE_TEXT_KEYS.map((key) => [shareTextField(key), CHANNEL_NAMES[key]])),
      );
    const mistakes = saved.tooLong.map(({ key, length, limit }) => ({
      field: shareTextField(key),
      text: `${CHANNEL_NAMES[key]}: the text has ${length} characters. Shorten it to ${limit} or fewer.`,
    }));
    return { kind: "invalid", mistakes };
  },
);

/** The change has been saved, and the public pages show it. */
function shown(message: string): Outcome {
  publicPages.clear();
  return done(message);
}

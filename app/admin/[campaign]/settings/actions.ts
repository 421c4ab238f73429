"use server";

import { z } from "zod";
import { type CampaignPosted, campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { conflict, done, editIn, failed, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import { showPublished } from "@/app/admin/_desk/show-published";
import { OUTCOME_NAMES } from "@/components/admin/campaigns/state-words";
import { moment } from "@/components/admin/moment";
import { CHANNEL_NAMES } from "@/components/admin/settings/channel-names";
import { outcomeField } from "@/components/admin/settings/outcome-field";
import type { Fault } from "@/lib/document";
import {
  archiveCampaign,
  closeCampaign,
  reopenCampaign,
  setFourEyes,
  unarchiveCampaign,
} from "@/lib/editing";
import { publicPages } from "@/lib/http/public-pages";
import { LOCALES, type Locale, nativeNameOf } from "@/lib/i18n/locales";
import type { Values } from "@/lib/merge-edits";
import { noteHandOver, RETENTION } from "@/lib/privacy";
import {
  changeGoals,
  changeOrigins,
  changeShareTexts,
  GOAL_MAX,
  type GoalMistake,
  ORIGINS_MAX,
  type OriginMistake,
  pendingSignatures,
  SHARE_TEXT_KEYS,
  shareTextField,
} from "@/lib/sharing";

const textFields = z.record(z.string(), z.string());

const OUTCOMES = ["", "won", "partly", "lost", "handed_over"] as const;
const UNKNOWN_OUTCOME = "What it reached: choose one from the list.";

type Closing = CampaignPosted<{ outcome: (typeof OUTCOMES)[number]; [field: string]: string }>;

/** Closes the campaign, and tells what it reached. */
export const close = campaignAction(
  "campaign.close",
  z.object({ outcome: z.enum(OUTCOMES, UNKNOWN_OUTCOME).default("") }).catchall(z.string()),
  async ({ actor, slug, campaign, form }: Closing) => {
    const texts = outcomeTexts(campaign.languages, form);
    if (form.outcome === "" && [...texts.values()].some((text) => text !== ""))
      return invalid("outcome", "What it reached: choose one, or leave out what happened.");
    const closed = await closeCampaign(actor, slug, { outcome: form.outcome || null, texts });
    switch (closed.kind) {
      case "closed":
        await showPublished();
        return redirectTo(`/admin/${slug}/receipts/${closed.entry}`);
      case "faults":
        return faultsOfOutcome(campaign.languages, closed.faults);
      case "four-eyes":
        return failed(
          "Somebody else has to publish what happened",
          "Two people are asked for. Write it into the text under outcome, have somebody else publish that, and then close the campaign with the words as they are.",
        );
      case "not-open":
      case "unknown-campaign":
        return failed("The campaign is not open", "Somebody else may have closed it. Nothing was changed.");
    }
  },
  {
    howMany: async ({ slug, campaign }) => (campaign.status === "open" ? pendingSignatures(slug) : null),
    remark: async ({ form }: Closing) =>
      form.outcome === "" ? "" : `Its pages say what it reached: ${OUTCOME_NAMES[form.outcome]}.`,
  },
);

/** Returns what happened in the languages that the form has a field for; an empty text takes away what stands there. */
function outcomeTexts(languages: readonly Locale[], form: Values): Map<Locale, string> {
  return new Map(
    languages.flatMap((locale) => {
      const typed = form[outcomeField(locale)];
      return typed === undefined ? [] : [[locale, typed.replaceAll("\r\n", "\n").trim().normalize("NFC")]];
    }),
  );
}

function faultsOfOutcome(languages: readonly Locale[], faults: readonly Fault[]): Outcome {
  const mistakes = languages.flatMap((locale) => {
    const own = faults.filter(({ file }) => file === `${locale}.md`);
    const text = `What happened, in ${nativeNameOf(locale)}: ${own.map(({ message }) => message).join("; ")}.`;
    return own.length === 0 ? [] : [{ field: outcomeField(locale), text }];
  });
  return mistakes.length > 0
    ? { kind: "invalid", mistakes }
    : failed(
        "The published text has problems",
        "It does not pass the checks of today, so nothing can be added to it. Publish a text without problems first, then close the campaign.",
      );
}

/** Opens the campaign again. */
export const reopen = campaignAction("campaign.reopen", z.object({}), async ({ actor, slug }) => {
  await reopenCampaign(actor, slug);
  await showPublished();
  return done("The campaign is open again, and takes new signatures.");
});

/** The form with one button, which closes or reopens. */
export const closeOrReopen = oneOf({ close, reopen });

/** Notes that the signatures were handed over, after which names are deleted sooner. */
export const handOver = campaignAction(
  "campaign.hand-over",
  z.object({}),
  async ({ actor, slug, timeZone }) => {
    const noted = await noteHandOver(slug, actor);
    if (noted.kind === "noted")
      return done(`It is noted. Names and addresses are deleted on ${deletedOn(noted.at, timeZone)}.`);
    return failed("The campaign is not closed", "Close it first. Nothing was changed.");
  },
  {
    howMany: async ({ campaign }) => (campaign.status === "closed" ? 1 : null),
    remark: async ({ timeZone }) =>
      `Names and addresses of all signatories are permanently deleted on ${deletedOn(new Date(), timeZone)}. Make your exports before. Counts stay.`,
  },
);

function deletedOn(handedOverAt: Date, timeZone: string): string {
  const at = new Date(handedOverAt);
  at.setUTCMonth(at.getUTCMonth() + RETENTION.handedOverMonths);
  return moment(at, timeZone, "day");
}

/** Leaves a closed campaign out of lists. */
export const archive = campaignAction("campaign.archive", z.object({}), async ({ actor, slug }) =>
  archived(await archiveCampaign(actor, slug), "The campaign is archived. Its pages stay where they are."),
);

/** Puts an archived campaign back into lists. */
export const unarchive = campaignAction("campaign.unarchive", z.object({}), async ({ actor, slug }) =>
  archived(await unarchiveCampaign(actor, slug), "The campaign is in the lists again."),
);

/** The form with one button, which archives or takes back out of the archive. */
export const archiveOrUnarchive = oneOf({ archive, unarchive });

async function archived({ kind }: { kind: string }, message: string): Promise<Outcome> {
  if (kind !== "changed" && kind !== "unchanged")
    return failed("The campaign is not closed", "Only a closed campaign can be archived.");
  await showPublished();
  return done(message);
}

/** Sets whether somebody else has to publish what one wrote. */
export const saveFourEyes = campaignAction(
  "campaign.four-eyes",
  z.object({ fourEyes: z.string().default("") }),
  async ({ actor, slug, form }) => {
    const fourEyes = form.fourEyes === "yes";
    await setFourEyes(actor, slug, fourEyes);
    return done(
      fourEyes
        ? "From now on, nobody publishes a text that they wrote."
        : "From now on, everybody who may publish can publish what they wrote.",
    );
  },
);

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

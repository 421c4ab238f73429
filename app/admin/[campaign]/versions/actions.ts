"use server";

import { z } from "zod";
import { type CampaignPosted, campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import { showPublished } from "@/app/admin/_desk/show-published";
import { counted } from "@/components/admin/counted";
import { momentIn } from "@/components/admin/moment";
import { discardDraft, outlookOf, publish, returnToDraft, schedule, submit, takeBack } from "@/lib/editing";

const NOTE_MAX_CHARACTERS = 1_000;
const NOTE = `What has changed: write 1 to ${NOTE_MAX_CHARACTERS.toLocaleString("en")} characters.`;
const REMARK = `Remark: write 1 to ${NOTE_MAX_CHARACTERS.toLocaleString("en")} characters, so that they know what to do.`;
const RELOAD = "Reload the page and try again.";
const AT = "Date and time: choose both, like 2026-12-10 08:00.";

const words = (mistake: string) =>
  z
    .string(mistake)
    .transform((typed) => typed.replaceAll("\r\n", "\n").trim().normalize("NFC"))
    .refine((text) => text !== "" && [...text].length <= NOTE_MAX_CHARACTERS, mistake);
/** The revision of the draft that the page showed. */
const revision = z.coerce.number(RELOAD).int(RELOAD).min(1, RELOAD);
const announced = { revision, note: words(NOTE), tellSigners: z.enum(["yes", "no"], RELOAD).default("no") };

/** Why nothing was done with a draft. */
type Refusal =
  | { kind: "changed" | "no-draft" | "unknown-campaign" }
  | { kind: "four-eyes"; why: "not-in-review" | "author" }
  | { kind: "faults"; faults: readonly unknown[] };

function refusal(why: Refusal): Outcome {
  switch (why.kind) {
    case "changed":
      return failed(
        "The draft has been changed",
        "Somebody has saved something since you opened this page. Read it again below, then decide.",
      );
    case "no-draft":
    case "unknown-campaign":
      return failed(
        "There is no draft",
        "Somebody else may have published or discarded it. Reload the page to see how things are now.",
      );
    case "four-eyes":
      return why.why === "author"
        ? failed("Somebody else has to publish this", "Two people are asked for, and you wrote some of it.")
        : failed("It has not been reviewed yet", "Two people are asked for. Send it to review first.");
    case "faults":
      return failed(
        `The text has ${counted(why.faults.length, "problem")}`,
        "They are listed below. Put them right in the text, then try again.",
      );
  }
}

/** Hands the draft in for review. */
export const sendToReview = campaignAction(
  "version.submit",
  z.object({ revision }),
  async ({ actor, slug, form }) => {
    const outcome = await submit(actor, slug, form);
    return outcome.kind === "submitted"
      ? done("The draft is in review. Tell somebody who may publish it.")
      : refusal(outcome);
  },
);

/** Returns the draft to those who wrote it. */
export const returnToAuthors = campaignAction(
  "version.return",
  z.object({ remark: words(REMARK) }),
  async ({ actor, slug, form }) => {
    const outcome = await returnToDraft(actor, slug, form);
    return outcome.kind === "returned"
      ? done("It is a draft again, and your remark stands above it.")
      : refusal(outcome);
  },
);

type Publishing = CampaignPosted<{ revision: number }>;

/** How many languages the draft would appear in; null if it cannot be published, which the action then says. */
async function languagesOf({ actor, slug }: Publishing): Promise<number | null> {
  const outlook = await outlookOf(actor, slug);
  return outlook === null || outlook.missing !== null || outlook.faults.length > 0
    ? null
    : outlook.languages.length;
}

async function callRemark({ actor, slug, form }: CampaignPosted<{ tellSigners: "yes" | "no" }>) {
  if (!(await outlookOf(actor, slug))?.changesCall) return "";
  const told =
    form.tellSigners === "yes"
      ? "It is noted that those who signed the earlier call are to be told."
      : "Those who signed the earlier call are not told.";
  return `It asks for something else than what people have signed: its page will say “Changed on …” and show both. ${told}`;
}

/** Publishes the draft at once. */
export const publishNow = campaignAction(
  "version.publish",
  z.object(announced),
  async ({ actor, slug, form }) => {
    const { note, tellSigners } = form;
    const seen = { revision: form.revision };
    const outcome = await publish(actor, slug, { note, tellSigners: tellSigners === "yes", ...seen });
    if (outcome.kind !== "published") return refusal(outcome);
    await showPublished();
    return done(`Version ${outcome.number} is published. People read and sign it from now on.`);
  },
  { howMany: languagesOf, remark: callRemark },
);

/** Publishes the draft at a time. */
export const publishLater = campaignAction(
  "version.schedule",
  z.object({ ...announced, at: z.string(AT).min(1, AT) }),
  async ({ actor, slug, form, timeZone }) => {
    const at = momentIn(form.at, timeZone);
    if (at === null) return invalid("at", AT);
    const { note, tellSigners } = form;
    const seen = { revision: form.revision };
    const outcome = await schedule(actor, slug, at, { note, tellSigners: tellSigners === "yes", ...seen });
    if (outcome.kind === "past") return invalid("at", "Date and time: choose a time that is still to come.");
    if (outcome.kind !== "scheduled") return refusal(outcome);
    return done("It will be published by itself at that time, unless somebody changes or returns it before.");
  },
  {
    // Of a time that cannot be, nothing is asked: the field says so.
    howMany: async (posted) =>
      isToCome(momentIn(posted.form.at, posted.timeZone)) ? languagesOf(posted) : null,
    remark: callRemark,
  },
);

function isToCome(at: Date | null): boolean {
  return at !== null && at.getTime() > Date.now();
}

/** Deletes the draft, and with it a campaign that was never published. */
export const discard = campaignAction(
  "version.discard",
  z.object({ revision }),
  async ({ actor, slug, form }) => {
    const outcome = await discardDraft(actor, slug, form);
    if (outcome.kind !== "discarded") return refusal(outcome);
    return outcome.campaign === "deleted" ? redirectTo("/admin") : done("The draft has been discarded.");
  },
  {
    howMany: async () => 1,
    remark: async ({ campaign }) =>
      campaign.version === null
        ? "The campaign was never published, so all of it is deleted, with its pictures."
        : "The published text stays.",
  },
);

/** Publishes an earlier version again. */
export const takeBackVersion = campaignAction(
  "version.take-back",
  z.object({ number: z.coerce.number(RELOAD).int(RELOAD).min(1, RELOAD).max(999_999_999, RELOAD) }),
  async ({ actor, slug, form }) => {
    const outcome = await takeBack(actor, slug, form.number);
    switch (outcome.kind) {
      case "published":
        await showPublished();
        return done(`Version ${form.number} is published again, as version ${outcome.number}.`);
      case "is-published":
        return failed("This version is published already", "Nothing was changed.");
      case "faults":
        return failed(
          "This version cannot be published any more",
          "Its text does not pass the checks of today. Copy what you need from it into the draft.",
        );
      case "unknown-version":
      case "unknown-campaign":
        return failed("There is no such version", RELOAD);
    }
  },
  { howMany: async ({ campaign }) => campaign.languages.length },
);

/** The form about the draft. One action, so that its answer is shown whatever becomes of the draft. */
export const decideOnDraft = oneOf({
  publish: publishNow,
  schedule: publishLater,
  submit: sendToReview,
  return: returnToAuthors,
  discard,
});

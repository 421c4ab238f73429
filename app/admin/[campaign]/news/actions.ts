"use server";

import { z } from "zod";
import { campaignAction } from "@/app/admin/_desk/desk-action";
import { conflict, done, editIn, failed, redirectTo } from "@/app/admin/_desk/outcome";
import { plainLines } from "@/lib/desk-form";
import { publicPages } from "@/lib/http/public-pages";
import { LOCALES } from "@/lib/i18n/locales";
import {
  correctNews,
  publishNews,
  takeNewsAway,
  UPDATE_TEXT_MAX_CHARACTERS,
  UPDATE_TITLE_MAX_CHARACTERS,
} from "@/lib/sharing";

const LABELS = { title: "Title", text: "Text" };

const words = (label: string, most: number) =>
  z
    .string(`${label}: write 1 to ${most.toLocaleString("en")} characters.`)
    .transform((typed) => plainLines(typed).trim().normalize("NFC"))
    .refine(
      (text) => text !== "" && [...text].length <= most,
      `${label}: write 1 to ${most.toLocaleString("en")} characters.`,
    );
const written = {
  title: words(LABELS.title, UPDATE_TITLE_MAX_CHARACTERS),
  text: words(LABELS.text, UPDATE_TEXT_MAX_CHARACTERS),
};

/** Publishes news in one language. */
export const publish = campaignAction(
  "campaign.news",
  z.object({ ...written, locale: z.enum(LOCALES, "Language: choose one from the list.") }),
  async ({ actor, slug, form }) => {
    if (!(await publishNews(actor, slug, form)))
      return failed("This news is published already", "Nothing was published again. You find it below.");
    publicPages.clear();
    return done("The news has been published.");
  },
);

/** Corrects news in its place. */
export const correct = campaignAction(
  "campaign.news.correct",
  z.object({ ...written, id: z.string() }).catchall(z.string()),
  async ({ actor, slug, form }) => {
    const id = z.uuid().safeParse(form.id);
    const gone = failed(
      "This news is no longer there",
      "Somebody else may have deleted it. Copy what you typed and publish it as new.",
    );
    if (!id.success) return gone;
    const saved = await correctNews(actor, slug, id.data, editIn(form, Object.keys(LABELS)));
    if (!saved.ok) return "theirs" in saved ? conflict(saved.theirs, LABELS) : gone;
    publicPages.clear();
    return done("The correction has been saved.");
  },
);

/** Deletes news. */
export const remove = campaignAction(
  "campaign.news.remove",
  z.object({ id: z.string() }),
  async ({ actor, slug, form }) => {
    const id = z.uuid().safeParse(form.id);
    const entry = id.success ? await takeNewsAway(actor, slug, id.data) : null;
    if (entry === null)
      return failed("This news is no longer there", "Somebody else may have deleted it already.");
    publicPages.clear();
    return redirectTo(`/admin/${slug}/receipts/${entry}`);
  },
  { howMany: async () => 1 },
);

"use server";

import { z } from "zod";
import { campaignAction } from "@/app/admin/_desk/desk-action";
import { done, failed, type Outcome } from "@/app/admin/_desk/outcome";
import { LOCALES, nativeNameOf } from "@/lib/i18n/locales";
import { addLanguage, type LanguageChanged, setFinished } from "@/lib/translations";

const locale = z.enum(LOCALES, "Language: choose one from the list.");

/** Adds a language to the draft. */
export const add = campaignAction(
  "translation.add-language",
  z.object({ locale }),
  async ({ actor, slug, form }) => {
    const added = await addLanguage(actor, slug, form.locale);
    return told(added, `${nativeNameOf(form.locale)} is in the draft. Nothing is published yet.`);
  },
);

/** Lists a language of the draft as finished, or as one that may lack parts. */
export const setLive = campaignAction(
  "translation.live",
  z.object({ locale, finished: z.enum(["yes", "no"]) }),
  async ({ actor, slug, form }) => {
    const finished = form.finished === "yes";
    const changed = await setFinished(actor, slug, form.locale, finished);
    return told(
      changed,
      `${nativeNameOf(form.locale)} ${finished ? "counts as finished" : "may lack parts"} in the draft. Nothing is published yet.`,
    );
  },
);

function told(changed: LanguageChanged, message: string): Outcome {
  switch (changed.kind) {
    case "changed":
    case "unchanged":
      return done(message);
    case "missing":
      return failed(
        "Parts are missing",
        `Translate the ${changed.parts} missing ${changed.parts === 1 ? "part" : "parts"} first.`,
      );
    case "unreadable":
      return failed(
        "The campaign’s settings cannot be read",
        "Open them as text, put the problems right, and try again.",
      );
    case "unknown":
      return failed(
        "Nothing was changed",
        "Somebody else has changed the draft. Reload the page and try again.",
      );
  }
}

"use server";

import { refresh } from "next/cache";
import { z } from "zod";
import { campaignAction } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid, type Outcome } from "@/app/admin/_desk/outcome";
import type { ImportReport } from "@/components/admin/translations/Files";
import { FILE_TOO_LARGE } from "@/components/admin/translations/file-words";
import { editsIn, textField } from "@/components/translations/part-fields";
import { whyRefused } from "@/components/translations/refused";
import { LOCALES } from "@/lib/i18n/locales";
import { settings } from "@/lib/settings";
import {
  importTranslation,
  LINK_MAX_DAYS,
  makeLink,
  reviewTranslation,
  revokeLink,
  saveTranslation,
} from "@/lib/translations";
import { partLabel } from "@/lib/writing";
import { FILE_LIMIT_BYTES } from "./limit";

const locale = z.enum(LOCALES, "Language: open this page again.");
const GONE = failed(
  "This translation is no longer in the draft",
  "Copy what you typed, and look at the list of translations.",
);
const TOO_LARGE = failed(
  "The translation is too long",
  "A text holds 200 KB. Nothing was saved. Make the translation shorter.",
);
const UNREADABLE = failed(
  "The text cannot be taken apart",
  "Open it as text, put the problems right that are listed there, and try again.",
);
const RACED = failed("Somebody else has saved at the same moment", "Nothing was saved. Send the form again.");

/** What is said when nothing of a translation could be saved. */
const NOT_SAVED = { raced: RACED, "too-large": TOO_LARGE, unreadable: UNREADABLE, "unknown-language": GONE };

/** Saves translated parts. */
export const save = campaignAction(
  "translation.save",
  z.object({ locale }).catchall(z.string()),
  async ({ actor, slug, form }): Promise<Outcome> => {
    const saved = await saveTranslation(actor, slug, form.locale, editsIn(form), {
      action: "translation.save",
    });
    switch (saved.kind) {
      case "saved":
        return done(
          saved.saved === 0
            ? "Nothing was changed."
            : "The translation is saved in the draft. Nothing is published yet.",
        );
      case "refused":
        return {
          kind: "conflict",
          mistakes: saved.refused.map((part) => ({ field: textField(part.key), text: whyRefused(part) })),
          // They have seen what others have written, so sending again replaces it.
          theirs: Object.fromEntries(
            saved.refused.flatMap((part) =>
              part.why === "changed" ? [[textField(part.key), part.theirs]] : [],
            ),
          ),
        };
      default:
        return NOT_SAVED[saved.kind];
    }
  },
);

/** Notes that somebody has checked parts, or takes that back. */
export const review = campaignAction(
  "translation.review",
  z
    .object({
      locale,
      decision: z.enum(["chosen", "all", "back"]).default("chosen"),
      shown: z.string().default(""),
    })
    .catchall(z.string()),
  async ({ actor, slug, form }) => {
    const checks =
      form.decision === "all"
        ? form.shown.split(" ").flatMap((each) => {
            const [key = "", seen = ""] = each.split("=");
            return key === "" ? [] : [{ key, seen }];
          })
        : Object.entries(form).flatMap(([field, seen]) =>
            field.startsWith("check.") ? [{ key: field.slice("check.".length), seen: String(seen) }] : [],
          );
    if (checks.length === 0)
      return failed("No part is chosen", "Tick the parts that you have checked first.");
    const reviewed = await reviewTranslation(actor, slug, form.locale, checks, {
      back: form.decision === "back",
    });
    if (reviewed.kind === "unknown-language") return GONE;
    const { checked, own, changed } = reviewed;
    const left = [
      ...(own.length > 0 ? [`Somebody else has to check what you wrote: ${named(own)}.`] : []),
      ...(changed.length > 0 ? [`Others have changed meanwhile: ${named(changed)}. Read them again.`] : []),
    ].join(" ");
    if (checked === 0 && left !== "") return failed("Nothing was noted", left);
    const parts = `${checked} ${checked === 1 ? "part" : "parts"}`;
    return done(
      `${form.decision === "back" ? `The check of ${parts} is taken back.` : `${parts} noted as checked.`} ${left}`.trim(),
    );
  },
);

const named = (keys: readonly string[]) => keys.map(partLabel).join("; ");

/** Saves what a file of a translator's tool has. */
export const upload = campaignAction(
  "translation.import",
  z.object({ locale }),
  async ({ actor, slug, form, files: { file } }): Promise<Outcome<ImportReport>> => {
    if (!file) return invalid("file", "File: choose one.");
    if (file.size > FILE_LIMIT_BYTES) return invalid("file", FILE_TOO_LARGE);
    const imported = await importTranslation(actor, slug, form.locale, await file.text());
    switch (imported.kind) {
      case "saved":
        refresh();
        return {
          kind: "found",
          result: { saved: imported.saved, refused: imported.refused.map(whyRefused) },
        };
      case "unreadable-file":
        return invalid("file", `File: ${imported.why}`);
      default:
        return NOT_SAVED[imported.kind];
    }
  },
);

const DAYS = `Days: write a whole number from 1 to ${LINK_MAX_DAYS}.`;

/** Makes a link for a translator without an account, which is shown once. */
export const makeTranslatorLink = campaignAction(
  "translation.link",
  z.object({
    locale,
    name: z
      .string("Name: write one.")
      .trim()
      .min(1, "Name: write the translator’s name, or what you call them.")
      .max(80, "Name: write at most 80 characters."),
    days: z
      .string(DAYS)
      .transform(Number)
      .refine((days) => Number.isInteger(days) && days >= 1 && days <= LINK_MAX_DAYS, DAYS),
  }),
  async ({ actor, slug, form }) => {
    const made = await makeLink(actor, slug, form.locale, form);
    if (made.kind === "unknown-language") return GONE;
    return done(`The link for ${form.name} is made. Copy it now.`, {
      what: `The link for ${form.name}`,
      text: `${settings().siteUrl}/translate/${made.token}`,
    });
  },
);

/** Revokes a link at once. */
export const revokeTranslatorLink = campaignAction(
  "translation.revoke-link",
  z.object({ link: z.uuid("No link was chosen. Reload the page and try again.") }),
  async ({ actor, slug, form }) => {
    const revoked = await revokeLink(actor, slug, form.link);
    return revoked.kind === "revoked"
      ? done("The link is revoked. It opens nothing any more.")
      : failed("There is no such link", "It may have been revoked already.");
  },
);

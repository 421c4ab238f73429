"use server";

import { z } from "zod";
import { deskAction } from "@/app/admin/_desk/desk-action";
import { done, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import { ownPath } from "@/app/admin/_desk/own-path";
import { deskRequest, endSession, renewSession } from "@/app/admin/_desk/visit";
import { CLOCK_IS_OFF, CODE_NOT_TAKEN } from "@/components/admin/code-words";
import { dropDraft, proveAgain } from "@/lib/accounts";
import { createCampaign, freeSlug, slugFor, TITLE_MAX_CHARACTERS } from "@/lib/editing";
import { LOCALES } from "@/lib/i18n/locales";
import { mayIn } from "@/lib/roles";

/** Deletes the draft saved when a session ended. */
export const discardDraft = deskAction("session.discard-draft", z.object({}), async ({ actor }) => {
  await dropDraft(actor.id);
  return done("The draft has been deleted.");
});

/** Checks a code and returns to the page that asked for it. */
export const proveForPage = deskAction(
  "session.code",
  z.object({ code: z.string(), back: z.string() }),
  async ({ form }) => {
    const proof = await proveAgain(await deskRequest("POST"), form.code);
    switch (proof.kind) {
      case "ended":
        return endSession();
      case "refused":
        return invalid("code", proof.clockOff ? CLOCK_IS_OFF : CODE_NOT_TAKEN);
      case "proved":
        await renewSession(proof.sessionToken);
        return redirectTo(ownPath(form.back));
    }
  },
);

const TITLE = `Title of the page: write 1 to ${TITLE_MAX_CHARACTERS} characters.`;
const NO_MODEL = "Start from: this campaign cannot be copied. Choose another, or the empty template.";

/** Makes a campaign with a draft to write on. */
export const createNew = deskAction(
  "campaign.create",
  z.object({
    title: z
      .string(TITLE)
      .transform((typed) => typed.normalize("NFC").trim().replaceAll(/\s+/g, " "))
      .refine((title) => title !== "" && [...title].length <= TITLE_MAX_CHARACTERS, TITLE),
    slug: z.string().trim().toLowerCase().default(""),
    language: z.enum(LOCALES, "First language: choose one from the list."),
    from: z.string().default(""),
  }),
  async ({ access, actor, form }): Promise<Outcome> => {
    const { title, language, from } = form;
    if (from !== "" && !mayIn(access, from, "read drafts")) return invalid("from", NO_MODEL);
    const slug = form.slug === "" ? await slugFor(title) : form.slug;
    const created = await createCampaign(actor, slug, from === "" ? undefined : from, { title, language });
    switch (created.kind) {
      case "created":
        return redirectTo(`/admin/${slug}`);
      case "taken":
        return invalid("slug", `Address: another campaign has ${slug}. ${await freeSlug(slug)} is free.`);
      case "reserved":
        return invalid("slug", await reservedSlug(slug));
      case "unknown-campaign":
        return invalid("from", NO_MODEL);
    }
  },
);

async function reservedSlug(slug: string): Promise<string> {
  const suggested = await slugFor(slug);
  return SLUG_FORM.test(slug) && slug.length <= SLUG_MAX_CHARACTERS
    ? `Address: ${slug} is used by the site itself. ${suggested} is free.`
    : `Address: use small letters, digits and single dashes between them, at most ${SLUG_MAX_CHARACTERS}. ${suggested} is free.`;
}

const SLUG_MAX_CHARACTERS = 100;
const SLUG_FORM = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

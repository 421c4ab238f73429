"use server";

import { z } from "zod";
import { campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed } from "@/app/admin/_desk/outcome";
import { signaturesChanged } from "@/lib/http/public-pages";
import { discardHeld, markGenuine, releaseHeld } from "@/lib/moderation";

const GONE = "It may have been dealt with already. Reload the page to see what is left.";

const heldForm = z.object({
  signature: z.uuid("The signature is not known. Reload the page and try again."),
});

/** Marks a group as genuine, so that it does not come back. */
export const markGroupGenuine = campaignAction(
  "review.genuine",
  z.object({ group: z.uuid("The group is not known. Reload the page and try again.") }),
  async ({ actor, slug, form }) =>
    (await markGenuine(actor, slug, form.group))
      ? done("The group is marked as genuine and will not come back.")
      : failed("There is no such group", GONE),
);

/** Releases a held signature, so that it counts. */
export const releaseSignature = campaignAction("review.release", heldForm, async ({ actor, slug, form }) => {
  if (!(await releaseHeld(actor, slug, form.signature))) return failed("There is no such signature", GONE);
  signaturesChanged();
  return done("The signature counts now, and we tell the person so by email.");
});

/** Discards a held signature: it stays marked invalid. */
export const discardSignature = campaignAction("review.discard", heldForm, async ({ actor, slug, form }) => {
  if (!(await discardHeld(actor, slug, form.signature))) return failed("There is no such signature", GONE);
  signaturesChanged();
  return done("The signature is marked invalid. You can restore it on its page.");
});

/** The form with a button for each thing that can be done with a held signature. */
export const releaseOrDiscard = oneOf({ release: releaseSignature, discard: discardSignature });

"use server";

import { z } from "zod";
import { type CampaignPosted, campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import { signaturesChanged } from "@/lib/http/public-pages";
import { INVALID_REASONS, liftSuppression, markInvalid, restore } from "@/lib/moderation";
import { deleteSignatory, resendMails, signatoryExists } from "@/lib/signatories";

const UNKNOWN = failed("There is no such signature", "It may have been withdrawn or deleted.");

const signature = z.uuid("This signature is not known.");
const signatureSchema = z.object({ signature });

type OnSignature = CampaignPosted<z.output<typeof signatureSchema>>;

const howMany = async ({ slug, form }: OnSignature) =>
  (await signatoryExists(slug, form.signature)) ? 1 : null;

/** Sends the signatory their mail again, at most once an hour. */
export const resend = campaignAction("signatory.resend", signatureSchema, async ({ actor, slug, form }) => {
  const { owed, tooSoon, refused } = await resendMails(actor, slug, [form.signature]);
  if (owed > 0) return done("The mail will be sent in a moment.");
  if (tooSoon > 0)
    return failed("No mail is sent", "This address got mail within the last hour. Try again later.");
  if (refused > 0)
    return failed("No mail is sent", "The person gets no mail, or the signature is marked invalid.");
  return UNKNOWN;
});

/** Allows mail to the signatory's address again. */
export const lift = campaignAction("signatory.lift", signatureSchema, async ({ actor, slug, form }) => {
  const lifted = await liftSuppression(actor, slug, { slug, signatureId: form.signature });
  return lifted
    ? done("Mail to this address is allowed again. Nothing has been sent.")
    : failed("Nothing was changed", "Mail to this address was allowed already, or the signature is gone.");
});

/** Marks the signature invalid. */
export const markAsInvalid = campaignAction(
  "signatory.invalid",
  z.object({
    signature,
    reason: z.enum(INVALID_REASONS, "Why it is invalid: choose a reason from the list."),
  }),
  async ({ actor, slug, form }) => {
    const { marked } = await markInvalid(actor, slug, [form.signature], form.reason);
    if (marked === 0) return failed("Nothing was changed", "It was marked invalid already, or is gone.");
    signaturesChanged();
    return done("The signature is marked invalid. It no longer counts.");
  },
);

/** Takes the mark back: the signature becomes what it was. */
export const takeMarkBack = campaignAction(
  "signatory.restore",
  signatureSchema,
  async ({ actor, slug, form }) => {
    if ((await restore(actor, slug, { signatureId: form.signature })) === 0)
      return failed("Nothing was taken back", "The signature was not marked invalid, or is gone.");
    signaturesChanged();
    return done("The mark is taken back. The signature is what it was before.");
  },
);

/** Deletes the signature. The person may sign again. */
export const withdraw = campaignAction(
  "signatory.withdraw",
  signatureSchema,
  (posted) => remove(posted, false),
  { howMany },
);

/** Deletes the signature, and never mails its address again. */
export const erase = campaignAction("signatory.erase", signatureSchema, (posted) => remove(posted, true), {
  howMany,
});

async function remove({ actor, slug, form }: OnSignature, suppress: boolean): Promise<Outcome> {
  const entry = await deleteSignatory(actor, slug, form.signature, suppress);
  if (entry === null) return UNKNOWN;
  signaturesChanged();
  return redirectTo(`/admin/${slug}/receipts/${entry}`);
}

/** The form with a button for each thing that can be done with a signature. */
export const act = oneOf({ resend, lift, invalid: markAsInvalid, restore: takeMarkBack, withdraw, erase });

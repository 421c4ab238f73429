"use server";

import { z } from "zod";
import { type CampaignPosted, campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import { counted } from "@/components/admin/counted";
import { listed, type PeopleFound } from "@/components/admin/shown-signatory";
import { recordAudit } from "@/lib/audit";
import { signaturesChanged } from "@/lib/http/public-pages";
import {
  INVALID_REASONS,
  liftSuppression,
  markInvalid,
  restore,
  suppressionOf,
  withdrawSignatories,
} from "@/lib/moderation";
import { mayIn } from "@/lib/roles";
import {
  findSignatories,
  isAddress,
  resendMails,
  SIGNATORIES_AT_ONCE,
  SIGNATORIES_PER_PAGE,
} from "@/lib/signatories";

/** Searches for one person by whole address or whole name. */
export const searchPeople = campaignAction(
  "signatory.search",
  z.object({ find: z.string().trim().min(1, "Address or name: write a whole address or a whole name.") }),
  (posted) => search(posted, posted.form.find),
);

/** Allows mail to an address again, and shows the search for it once more. */
export const liftForAddress = campaignAction(
  "suppression.lift",
  z.object({ address: z.string().trim() }),
  async (posted): Promise<Outcome<PeopleFound>> => {
    const { address } = posted.form;
    if (!isAddress(address)) return invalid("find", "Address or name: write the whole address.");
    const lifted = await liftSuppression(posted.actor, posted.slug, { address });
    return search(posted, address, lifted);
  },
);

/** The form that searches, and in what it finds allows mail again. */
export const searchOrLift = oneOf<PeopleFound>({ search: searchPeople, lift: liftForAddress });

async function search(
  { access, actor, reader, slug }: CampaignPosted<unknown>,
  find: string,
  lifted = false,
): Promise<Outcome<PeopleFound>> {
  // One more than is shown, to tell whether there are others.
  const found = await findSignatories(reader, slug, { find }, undefined, SIGNATORIES_PER_PAGE + 1);
  if (found.kind !== "found") return found;
  const people = found.signatories.slice(0, SIGNATORIES_PER_PAGE).map(listed);
  const byAddress = isAddress(find);
  await recordAudit({
    actor,
    action: "signatory.search",
    campaign: slug,
    detail: { by: byAddress ? "address" : "name", found: roughly(people.length) },
  });
  // A mailbox is suppressed for all campaigns: that tells of people who signed another one.
  const seesAll = mayIn(access, null, "read names");
  const suppressed = byAddress && seesAll ? await suppressionOf({ address: find }) : null;
  return {
    kind: "found",
    result: {
      people,
      more: found.signatories.length > people.length,
      suppressed: suppressed && { ...suppressed, address: find },
      lifted,
    },
  };
}

/** Rounds the number of results for the audit log, which must not reveal that one person has signed. */
function roughly(number: number): string {
  return number < 10 ? "fewer than 10" : number < 100 ? "10 to 99" : "100 or more";
}

const CHOOSE = `Signatories: choose between 1 and ${SIGNATORIES_AT_ONCE} first.`;
const idsSchema = z.array(z.uuid()).min(1, CHOOSE).max(SIGNATORIES_AT_ONCE, CHOOSE);
/** The chosen signatories are fields of their own, `id.{uuid}`. */
const fieldsSchema = z
  .record(z.string(), z.string())
  .transform((fields): { ids: string[]; reason?: string | undefined } => ({
    ids: idsIn(fields),
    reason: fields.reason,
  }));
const chosenSchema = fieldsSchema.pipe(z.object({ ids: idsSchema }));
const chosenWithReasonSchema = fieldsSchema.pipe(
  z.object({
    ids: idsSchema,
    reason: z.enum(INVALID_REASONS, "Why they are invalid: choose a reason from the list."),
  }),
);

function idsIn(fields: Readonly<Record<string, string>>): string[] {
  return Object.keys(fields)
    .filter((name) => name.startsWith("id."))
    .map((name) => name.slice("id.".length))
    .filter((id) => z.uuid().safeParse(id).success);
}

const howMany = async ({ form }: CampaignPosted<{ ids: string[] }>) => form.ids.length;

/** Marks the chosen signatures invalid. */
export const markChosenInvalid = campaignAction(
  "bulk.invalid",
  chosenWithReasonSchema,
  async ({ actor, slug, form }) => changed(slug, await markInvalid(actor, slug, form.ids, form.reason)),
);

/** Withdraws the chosen signatures. They are deleted after an hour. */
export const withdrawChosen = campaignAction(
  "bulk.withdraw",
  chosenSchema,
  async ({ actor, slug, form }) => changed(slug, await withdrawSignatories(actor, slug, form.ids)),
  { howMany },
);

/** Sends the chosen signatories their mail again. */
export const resendToChosen = campaignAction(
  "bulk.resend",
  chosenSchema,
  async ({ actor, slug, form }) => {
    const { owed, tooSoon, refused } = await resendMails(actor, slug, form.ids);
    const left = `Left out: ${tooSoon} who got mail within the last hour, and ${refused} who get none or whose signature is invalid.`;
    return owed === 0
      ? failed("No mail is sent", left)
      : done(`${counted(owed, "mail")} will be sent. ${left}`);
  },
  { howMany },
);

/** The form with a button for each thing that can be done with the chosen signatures. */
export const actOnChosen = oneOf({
  invalid: markChosenInvalid,
  withdraw: withdrawChosen,
  resend: resendToChosen,
});

/** @param entry the audit entry; null if all chosen signatures were already in that state. */
function changed(slug: string, { entry }: { entry: string | null }): Outcome {
  if (entry === null) return failed("Nothing was changed", "All of them were so already, or are gone.");
  signaturesChanged();
  return redirectTo(`/admin/${slug}/receipts/${entry}`);
}

/** Takes back a bulk action within the hour. */
export const undoJob = campaignAction(
  "bulk.undo",
  z.object({ job: z.string().default("") }),
  async ({ actor, slug, form: { job } }) => {
    const restored = z.uuid().safeParse(job).success ? await restore(actor, slug, { jobId: job }) : 0;
    if (restored === 0)
      return failed("Nothing was taken back", "The hour is over, or it was taken back already.");
    signaturesChanged();
    return done(`Taken back: ${counted(restored, "signature")}.`);
  },
);

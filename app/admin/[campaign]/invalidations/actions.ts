"use server";

import { isIP } from "node:net";
import { z } from "zod";
import { campaignAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import type { RulePreview } from "@/components/admin/RuleForm";
import { recordAudit } from "@/lib/audit";
import { isStorable } from "@/lib/db/time";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import {
  cancelInvalidation,
  INVALID_REASONS,
  previewInvalidation,
  ruleOfGroup,
  startInvalidation,
  undoInvalidation,
} from "@/lib/moderation";
import { countNames, described, isRule, ruleOf, type SignatureRule } from "@/lib/signatories";

/** Reads a browser's date and time field, to the minute, as UTC. */
function timeIn(text: string): Date | undefined {
  return text === "" ? undefined : new Date(`${text}Z`);
}

const time = (mistake: string) =>
  z
    .string()
    .default("")
    .refine((text) => text === "" || isStorable(new Date(`${text}Z`)), mistake);
const text = z.string().trim().default("");

const ruleFields = {
  name: text,
  domain: text
    .transform((domain) => domain.replace(/^@/, ""))
    .refine(
      (domain) => domain === "" || /^[^@\s]+\.[^@\s]+$/.test(domain),
      "Email domain: write it like example.org.",
    ),
  network: text.refine(
    (address) => address === "" || isIP(address) !== 0,
    "IP address: write it like 203.0.113.7 or 2001:db8::7.",
  ),
  country: z.union([z.literal(""), z.enum(COUNTRY_CODES)], "Country: choose one from the list.").default(""),
  from: time("Signed from: give a date and a time."),
  to: time("Signed before: give a date and a time."),
  group: text,
};
type RuleFields = z.output<z.ZodObject<typeof ruleFields>>;

const isInOrder = ({ from, to }: Pick<RuleFields, "from" | "to">) =>
  from === "" || to === "" || new Date(`${from}Z`) < new Date(`${to}Z`);
const ORDER = { path: ["to"], message: "Signed before: give a time later than the one in “Signed from”." };

const GROUP_IS_GONE = "It was dealt with, or is no longer found. Go back to the likely fakes.";
const NO_CONDITION = "Conditions: fill in at least one, or the rule would match every signature.";

/** Shows how many signatures a rule matches, and the newest of them. */
export const previewRule = campaignAction(
  "invalidation.preview",
  z.object(ruleFields).refine(isInOrder, ORDER),
  async ({ actor, reader, slug, form }): Promise<Outcome<RulePreview>> => {
    const read = await ruleIn(slug, form);
    if (!read.ok) return read.outcome;
    const found = await previewInvalidation(reader, slug, read.rule);
    if (found.kind !== "found") return found;
    const { signatures, whole, sample } = found;
    await recordAudit({
      actor,
      action: "invalidation.preview",
      campaign: slug,
      detail: { by: described(read.rule), signatures, shown: sample.length },
    });
    const shown = sample.map(({ id, name, email, country, state, source, signedAt }) => ({
      id,
      name,
      email,
      country,
      state,
      source,
      signedAt,
    }));
    return { kind: "found", result: { rule: form, signatures, whole, sample: shown } };
  },
);

/** Starts the job that marks every signature that a rule matches. */
export const startJob = campaignAction(
  "invalidation.start",
  z
    .object({ ...ruleFields, reason: z.enum(INVALID_REASONS, "Reason: choose one from the list.") })
    .refine(isInOrder, ORDER),
  async ({ actor, reader, slug, form }) => {
    const read = await ruleIn(slug, form);
    if (!read.ok) return read.outcome;
    // The number of signatures marked reveals whether somebody signed, as a search does.
    const refused = await countNames(reader, 1);
    if (refused) return refused;
    const job = await startInvalidation(actor, slug, read.rule, form.reason);
    return redirectTo(`/admin/${slug}/invalidations?started=${job}`);
  },
);

const jobForm = z.object({ job: z.uuid("The job is not known. Reload the page and try again.") });

/** Stops a job. What it has marked stays marked. */
export const stopJob = campaignAction("invalidation.cancel", jobForm, async ({ actor, slug, form }) =>
  (await cancelInvalidation(actor, slug, form.job))
    ? done("The job has been stopped. What it marked stays marked until you take it back.")
    : failed("Nothing was stopped", "The job has ended already. Reload the page to see its state."),
);

/** Has the worker take back a job's marks. */
export const undoJob = campaignAction("invalidation.undo", jobForm, async ({ actor, slug, form }) =>
  (await undoInvalidation(actor, slug, form.job))
    ? done("The job’s marks are being taken back.")
    : failed("Nothing was taken back", "It was taken back already. Reload the page to see its state."),
);

/** The form with a button for each thing that can be done with a job. */
export const stopOrUndo = oneOf({ cancel: stopJob, undo: undoJob });

type RuleRead = { ok: true; rule: SignatureRule } | { ok: false; outcome: Outcome };

/** Returns the rule of a form: its conditions, or a review group's. */
async function ruleIn(slug: string, { group, from, to, ...typed }: RuleFields): Promise<RuleRead> {
  if (group !== "") {
    const rule = z.uuid().safeParse(group).success ? await ruleOfGroup(slug, group) : null;
    return rule ? { ok: true, rule } : { ok: false, outcome: failed("This group is gone", GROUP_IS_GONE) };
  }
  const rule = await ruleOf({ ...typed, from: timeIn(from), to: timeIn(to) });
  return isRule(rule) ? { ok: true, rule } : { ok: false, outcome: invalid("name", NO_CONDITION) };
}

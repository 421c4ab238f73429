import { isIP } from "node:net";
import { z } from "zod";
import { forAction, forForm, type Posted, withoutNames } from "@/app/admin/_desk/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/admin/_desk/document";
import {
  InvalidationPreviewPage,
  InvalidationsPage,
  type RuleFields,
} from "@/components/admin/InvalidationsPage";
import { type Actor, recordAudit } from "@/lib/audit";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { isStorable } from "@/lib/db/time";
import { redirect } from "@/lib/http/answers";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { countryOptions } from "@/lib/i18n/country-names";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import {
  cancelInvalidation,
  INVALID_REASONS,
  invalidationJobs,
  isInvalidReason,
  previewInvalidation,
  ruleOfGroup,
  startInvalidation,
  undoInvalidation,
} from "@/lib/moderation";
import { countNames, described, isRule, ruleOf, type SignatureRule } from "@/lib/signatories";

/** A browser's date and time field, to the minute, read as UTC. */
const minute = (mistake: string) =>
  z
    .string()
    .default("")
    .transform((text) => (text === "" ? undefined : new Date(`${text}Z`)))
    .refine((time) => time === undefined || isStorable(time), mistake);
const typedText = z.string().trim().default("");
const ruleForm = z
  .object({
    name: typedText,
    domain: typedText
      .transform((domain) => domain.replace(/^@/, ""))
      .refine(
        (domain) => domain === "" || /^[^@\s]+\.[^@\s]+$/.test(domain),
        "The mail domain: write it like example.org.",
      ),
    network: typedText.refine(
      (address) => address === "" || isIP(address) !== 0,
      "The internet address: write it like 203.0.113.7 or 2001:db8::7.",
    ),
    country: z
      .union([z.literal(""), z.enum(COUNTRY_CODES)], "The country: choose one of the list.")
      .default(""),
    from: minute("Signed from: give a date and a time."),
    to: minute("Signed before: give a date and a time."),
  })
  .refine(({ from, to }) => !from || !to || from < to, "Signed before must be later than signed from.");

/** Serves the form for a rule and the list of jobs. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "invalidation.view", ({ actor }) => asked(actor, fieldsOf({}), null));
}

/**
 * Handles four actions: `preview` shows which signatures match, `start` has the worker mark them, `cancel`
 * and `undo` act on a job.
 */
export function POST(request: Request): Promise<Response> {
  return forForm(request, {
    "invalidation.preview": (posted) => ruled(posted, (rule, typed) => preview(posted, rule, typed)),
    "invalidation.start": (posted) => ruled(posted, (rule) => start(posted, rule)),
    "invalidation.cancel": (posted) => turned(posted, cancelInvalidation),
    "invalidation.undo": (posted) => turned(posted, undoInvalidation),
  });
}

async function turned(
  { actor, form: { job = "" } }: Posted,
  turn: (actor: Actor, job: string) => Promise<boolean>,
): Promise<Response> {
  if (!z.uuid().safeParse(job).success || !(await turn(actor, job)))
    return notice(actor, "Nothing was changed", "It has ended, or was taken back already.", 409);
  return redirect("/admin/invalidations");
}

async function ruled(
  { actor, form }: Posted,
  act: (rule: SignatureRule, typed: RuleFields) => Promise<Response>,
): Promise<Response> {
  const typed = fieldsOf(form);
  const read = await readRule(typed);
  return read.ok ? act(read.rule, typed) : asked(actor, typed, read.mistake);
}

async function start(posted: Posted, rule: SignatureRule): Promise<Response> {
  const {
    actor,
    reader,
    form: { reason = "" },
  } = posted;
  if (!isInvalidReason(reason))
    return notice(actor, "Say why", "Go back and choose a reason from the list.", 422);
  // The number of matches reveals whether somebody signed, as a look-up does.
  const refused = await countNames(reader, 1);
  if (refused) return withoutNames(posted, refused);
  await startInvalidation(actor, ONLY_CAMPAIGN, rule, reason);
  return redirect("/admin/invalidations");
}

async function preview(posted: Posted, rule: SignatureRule, typed: RuleFields): Promise<Response> {
  const { actor, reader } = posted;
  const found = await previewInvalidation(reader, ONLY_CAMPAIGN, rule);
  if (found.kind !== "found") return withoutNames(posted, found);
  const { signatures, whole, sample } = found;
  await recordAudit({
    actor,
    action: "invalidation.preview",
    detail: { by: described(rule), signatures, shown: sample.length },
  });
  return adminPage(
    <InvalidationPreviewPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      typed={typed}
      reasons={INVALID_REASONS}
      signatures={signatures}
      whole={whole}
      sample={sample}
    />,
  );
}

type ReadRule = { ok: true; rule: SignatureRule } | { ok: false; mistake: string };

async function readRule(typed: RuleFields): Promise<ReadRule> {
  if (typed.group !== "") {
    const rule = z.uuid().safeParse(typed.group).success ? await ruleOfGroup(typed.group) : null;
    return rule
      ? { ok: true, rule }
      : { ok: false, mistake: "That group is gone: go back to the likely fakes." };
  }
  const parsed = ruleForm.safeParse(typed);
  if (!parsed.success)
    return { ok: false, mistake: parsed.error.issues.map(({ message }) => message).join(" ") };
  const rule = await ruleOf(parsed.data);
  if (!isRule(rule)) return { ok: false, mistake: "Fill in at least one condition." };
  return { ok: true, rule };
}

function fieldsOf(form: Record<string, string>): RuleFields {
  const { name = "", domain = "", network = "", country = "", from = "", to = "", group = "" } = form;
  return { name, domain, network, country, from, to, group };
}

async function asked(actor: Actor, typed: RuleFields, mistake: string | null): Promise<Response> {
  return adminPage(
    <InvalidationsPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      jobs={await invalidationJobs(ONLY_CAMPAIGN)}
      countries={countryOptions(DEFAULT_LOCALE)}
      typed={typed}
      mistake={mistake}
    />,
    mistake === null ? 200 : 422,
  );
}

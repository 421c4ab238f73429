import { isIP } from "node:net";
import { z } from "zod";
import { adminForm, adminPage, forRole, notice, organisation, signedInAs } from "@/app/_admin/page";
import {
  InvalidationPreviewPage,
  InvalidationsPage,
  type RuleFields,
} from "@/components/admin/InvalidationsPage";
import { type Actor, recordAudit } from "@/lib/admin";
import { INVALID_REASONS, isInvalidReason } from "@/lib/admin/invalid";
import {
  cancelInvalidation,
  invalidationJobs,
  previewInvalidation,
  startInvalidation,
  undoInvalidation,
} from "@/lib/admin/invalidation";
import { ruleOfGroup } from "@/lib/admin/review";
import { isRule, ruleOf, type SignatureRule } from "@/lib/admin/rule";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { seeOther } from "@/lib/http/answers";
import { COUNTRY_CODES } from "@/lib/i18n/countries";
import { countryOptions, DEFAULT_LOCALE } from "@/lib/i18n/locales";

/** A minute as a browser's date and time field sends it, taken as UTC. */
const minute = (mistake: string) =>
  z
    .string()
    .default("")
    .refine((text) => text === "" || !Number.isNaN(Date.parse(`${text}Z`)), mistake)
    .transform((text) => (text === "" ? undefined : new Date(`${text}Z`)));
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

/** Asks for a rule, and shows the jobs there were. */
export function GET(request: Request): Promise<Response> {
  return forRole(request, "owner", (actor) => asked(actor, fieldsOf({}), null));
}

/** `preview` tells who is meant, `start` has the worker mark them; `cancel` and `undo` are for a job. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "owner", async (actor) => {
    const form = (await adminForm(request)) ?? {};
    switch (form.action) {
      case "preview":
      case "start":
        return ruled(actor, form, form.action);
      case "cancel":
      case "undo": {
        const { job = "" } = form;
        const act = form.action === "cancel" ? cancelInvalidation : undoInvalidation;
        if (!z.uuid().safeParse(job).success || !(await act(actor, job)))
          return notice(actor, "Nothing was changed", "It has ended, or was taken back already.", 409);
        return seeOther("/admin/invalidations");
      }
      default:
        return notice(actor, "That is nothing this page can do", "Please go back and try again.", 400);
    }
  });
}

async function ruled(
  actor: Actor,
  form: Record<string, string>,
  action: "preview" | "start",
): Promise<Response> {
  const typed = fieldsOf(form);
  const read = await readRule(typed);
  if (!read.ok) return asked(actor, typed, read.mistake);
  if (action === "start") {
    const { reason = "" } = form;
    if (!isInvalidReason(reason))
      return notice(actor, "Say why", "Go back and choose a reason from the list.", 422);
    await startInvalidation(actor, CAMPAIGN_SLUG, read.rule, reason);
    return seeOther("/admin/invalidations");
  }
  const preview = await previewInvalidation(CAMPAIGN_SLUG, read.rule);
  await recordAudit({
    actor,
    action: "invalidation.preview",
    detail: { signatures: preview.signatures, shown: preview.sample.length },
  });
  return adminPage(
    <InvalidationPreviewPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      typed={typed}
      reasons={INVALID_REASONS}
      {...preview}
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
      jobs={await invalidationJobs(CAMPAIGN_SLUG)}
      countries={countryOptions(DEFAULT_LOCALE)}
      typed={typed}
      mistake={mistake}
    />,
    mistake === null ? 200 : 422,
  );
}

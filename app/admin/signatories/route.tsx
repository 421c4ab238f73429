import { z } from "zod";
import { adminForm, adminPage, forRole, organisation, signedInAs } from "@/app/_admin/page";
import { type FilterFields, SignatoriesPage } from "@/components/admin/SignatoriesPage";
import { type Actor, recordAudit } from "@/lib/admin";
import { INVALID_REASONS } from "@/lib/admin/invalid";
import {
  findSignatories,
  type Place,
  SIGNATORIES_AT_ONCE,
  SIGNATORIES_PER_PAGE,
  type Signatory,
  type SignatoryFilter,
} from "@/lib/admin/signatories";
import { CAMPAIGN_SLUG } from "@/lib/campaign/content";
import { countryOptions, DEFAULT_LOCALE, LOCALES } from "@/lib/i18n/locales";

const day = z.iso
  .date()
  .transform((text) => new Date(`${text}T00:00:00Z`))
  .optional()
  .catch(undefined);
/** What is not understood in an address is left out: the filter's fields then show what counts. */
const filterSchema = z.object({
  state: z.enum(["pending", "confirmed", "invalid"]).optional().catch(undefined),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .catch(undefined),
  locale: z.enum(LOCALES).optional().catch(undefined),
  updates: z.literal("yes").optional().catch(undefined),
  from: day,
  to: day,
});
const placeSchema = z.object({
  signedAt: z.iso.datetime().transform((text) => new Date(text)),
  id: z.uuid(),
});

/** Signatories by filter, a page at a time. */
export function GET(request: Request): Promise<Response> {
  return forRole(request, "exporter", async (actor) => {
    const query = new URL(request.url).searchParams;
    const fields = Object.fromEntries(query);
    const { updates, ...filter } = filterSchema.parse(fields);
    const [signedAt = "", id = ""] = (query.get("behind") ?? "").split(" ");
    const behind = placeSchema.safeParse({ signedAt, id });
    return list(
      actor,
      { ...filter, updates: updates === "yes" },
      query,
      behind.success ? behind.data : undefined,
    );
  });
}

/** The search for one person. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "exporter", async (actor) => {
    const find = (await adminForm(request))?.find?.trim() ?? "";
    return list(actor, find === "" ? {} : { find }, new URLSearchParams());
  });
}

async function list(
  actor: Actor,
  filter: SignatoryFilter,
  query: URLSearchParams,
  behind?: Place,
): Promise<Response> {
  const take = query.get("show") === String(SIGNATORIES_AT_ONCE) ? SIGNATORIES_AT_ONCE : SIGNATORIES_PER_PAGE;
  const signatories = await findSignatories(CAMPAIGN_SLUG, filter, behind, take);
  const { find, ...told } = filter;
  await recordAudit({
    actor,
    action: find === undefined ? "signatory.list" : "signatory.search",
    detail: { ...told, found: signatories.length },
  });
  const text = (name: keyof FilterFields) => query.get(name) ?? "";
  return adminPage(
    <SignatoriesPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      signatories={signatories}
      filter={{
        state: text("state"),
        country: text("country"),
        locale: text("locale"),
        updates: text("updates"),
        from: text("from"),
        to: text("to"),
        show: take === SIGNATORIES_AT_ONCE ? String(take) : "",
      }}
      countries={countryOptions(DEFAULT_LOCALE)}
      next={nextPage(signatories, query, take)}
      reasons={INVALID_REASONS}
      atOnce={SIGNATORIES_AT_ONCE}
    />,
  );
}

function nextPage(signatories: Signatory[], query: URLSearchParams, take: number): string | null {
  const last = signatories.at(-1);
  if (!last || signatories.length < take) return null;
  const next = new URLSearchParams(query);
  next.set("behind", `${last.signedAt.toISOString()} ${last.id}`);
  return `/admin/signatories?${next}`;
}

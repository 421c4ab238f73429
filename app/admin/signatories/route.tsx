import { z } from "zod";
import { forAction, forForm, type Posted, type Visit, withoutNames } from "@/app/admin/_desk/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/admin/_desk/document";
import { type FilterFields, SignatoriesPage } from "@/components/admin/SignatoriesPage";
import { recordAudit } from "@/lib/audit";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { isStorable } from "@/lib/db/time";
import { countryOptions } from "@/lib/i18n/country-names";
import { DEFAULT_LOCALE, LOCALES } from "@/lib/i18n/locales";
import { INVALID_REASONS, liftSuppression, ruleOfGroup, suppressionOf, undoableJobs } from "@/lib/moderation";
import {
  findSignatories,
  isAddress,
  type PageEdge,
  SIGNATORIES_AT_ONCE,
  SIGNATORIES_PER_PAGE,
  type Signatory,
  type SignatoryFilter,
} from "@/lib/signatories";

const day = z.iso
  .date()
  .transform((text) => new Date(`${text}T00:00:00Z`))
  .refine(isStorable)
  .optional()
  .catch(undefined);
/** Parameters that cannot be parsed are dropped; the filter's fields show what is applied. */
const filterSchema = z.object({
  state: z.enum(["pending", "confirmed", "invalid"]).optional().catch(undefined),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional()
    .catch(undefined),
  locale: z.enum(LOCALES).optional().catch(undefined),
  updates: z.literal("yes").optional().catch(undefined),
  source: z.enum(["web", "paper"]).optional().catch(undefined),
  from: day,
  to: day,
});
const placeSchema = z.object({
  signedAt: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .refine(isStorable),
  id: z.uuid(),
});

/** Serves signatories by filter, or of one review group, page by page. */
export function GET(request: Request): Promise<Response> {
  const isMany = new URL(request.url).searchParams.get("show") === String(SIGNATORIES_AT_ONCE);
  return forAction(request, isMany ? "signatory.list-many" : "signatory.list", (visit) => {
    const { updates, ...filter } = filterSchema.parse(Object.fromEntries(visit.query));
    return list(visit, { ...filter, updates: updates === "yes" }, visit.query);
  });
}

/**
 * Searches for one person; with `action=lift`, an owner allows mail to the address again. A POST, so that
 * names and addresses stay out of URLs.
 */
export function POST(request: Request): Promise<Response> {
  return forForm(request, {
    "signatory.search": search,
    "suppression.lift": async (posted) => {
      const find = posted.form.find?.trim() ?? "";
      if (isAddress(find)) await liftSuppression(posted.actor, { address: find });
      return search(posted);
    },
  });
}

function search(posted: Posted): Promise<Response> {
  const find = posted.form.find?.trim() ?? "";
  return list(posted, find === "" ? {} : { find }, new URLSearchParams());
}

async function list(visit: Visit, filter: SignatoryFilter, query: URLSearchParams): Promise<Response> {
  const { actor, reader } = visit;
  const take = query.get("show") === String(SIGNATORIES_AT_ONCE) ? SIGNATORIES_AT_ONCE : SIGNATORIES_PER_PAGE;
  const group = query.get("group") ?? "";
  const rule = z.uuid().safeParse(group).success ? await ruleOfGroup(group) : {};
  if (!rule) return notice(actor, "There is no such group", "It is gone, or was dealt with already.", 404);
  const edge = edgeIn(query);
  // One more than is shown, to tell whether there is another page on that side.
  const searched = await findSignatories(reader, ONLY_CAMPAIGN, { ...filter, ...rule }, edge, take + 1);
  if (searched.kind !== "found") return withoutNames(visit, searched);
  const found = searched.signatories;
  const more = found.length > take;
  const ahead = edge?.direction === "ahead";
  const signatories = ahead ? found.slice(-take) : found.slice(0, take);
  const { find, ...told } = filter;
  await recordAudit(
    find === undefined
      ? {
          actor,
          action: "signatory.list",
          detail: { ...told, ...(group === "" ? {} : { group }), found: signatories.length },
        }
      : {
          actor,
          action: "signatory.search",
          detail: { by: isAddress(find) ? "address" : "name", found: roughly(signatories.length) },
        },
  );
  const suppressed = find !== undefined && isAddress(find) ? await suppressionOf({ address: find }) : null;
  const text = (name: keyof FilterFields) => query.get(name) ?? "";
  return adminPage(
    <SignatoriesPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      signatories={signatories}
      find={find ?? null}
      filter={{
        state: text("state"),
        country: text("country"),
        locale: text("locale"),
        updates: text("updates"),
        source: text("source"),
        from: text("from"),
        to: text("to"),
        group: text("group"),
        show: take === SIGNATORIES_AT_ONCE ? String(take) : "",
      }}
      countries={countryOptions(DEFAULT_LOCALE)}
      earlier={ahead || more ? pageAddress("behind", signatories.at(-1), query) : null}
      later={(ahead ? more : edge !== undefined) ? pageAddress("ahead", signatories[0], query) : null}
      undoable={actor.role === "owner" ? await undoableJobs() : []}
      reasons={INVALID_REASONS}
      atOnce={SIGNATORIES_AT_ONCE}
      suppressed={suppressed && find !== undefined ? { ...suppressed, address: find } : null}
    />,
  );
}

/** Rounds the number of results for the audit log, which must not reveal that one person has signed. */
function roughly(number: number): string {
  return number < 10 ? "fewer than 10" : number < 100 ? "10 to 99" : "100 or more";
}

/** Reads the cursor that a page begins after or before; undefined if there is none or it is unreadable. */
function edgeIn(query: URLSearchParams): PageEdge | undefined {
  for (const direction of ["behind", "ahead"] as const) {
    const [signedAt = "", id = ""] = (query.get(direction) ?? "").split(" ");
    const place = placeSchema.safeParse({ signedAt, id });
    if (place.success) return { direction, place: place.data };
  }
  return undefined;
}

function pageAddress(
  direction: PageEdge["direction"],
  edge: Signatory | undefined,
  query: URLSearchParams,
): string | null {
  if (!edge) return null;
  const address = new URLSearchParams(query);
  address.delete("behind");
  address.delete("ahead");
  address.set(direction, `${edge.signedAt.toISOString()} ${edge.id}`);
  return `/admin/signatories?${address}`;
}

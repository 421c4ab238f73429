import type { Metadata } from "next";
import { z } from "zod";
import { campaignPage, notThere, withoutNames } from "@/app/admin/_desk/desk-page";
import { queryOf } from "@/app/admin/_desk/query";
import type { CampaignVisit } from "@/app/admin/_desk/visit";
import { Signatories } from "@/components/admin/Signatories";
import type { FilterFields } from "@/components/admin/SignatoryFilters";
import { listed } from "@/components/admin/shown-signatory";
import { recordAudit } from "@/lib/audit";
import { isStorable } from "@/lib/db/time";
import { countryOptions } from "@/lib/i18n/country-names";
import { DEFAULT_LOCALE, LOCALES } from "@/lib/i18n/locales";
import { INVALID_REASONS, ruleOfGroup, undoableJobs } from "@/lib/moderation";
import {
  findSignatories,
  type PageEdge,
  SIGNATORIES_AT_ONCE,
  SIGNATORIES_PER_PAGE,
  type SignatoriesFound,
  type Signatory,
  type SignatoryFilter,
} from "@/lib/signatories";
import { actOnChosen, searchOrLift, undoJob } from "./actions";

export const metadata: Metadata = { title: "Signatories" };

const day = z.iso
  .date()
  .transform((text) => new Date(`${text}T00:00:00Z`))
  .refine(isStorable)
  .optional()
  .catch(undefined);
/** Parameters that cannot be parsed are dropped; the filter's fields show what is applied. */
const querySchema = z.object({
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
  group: z.uuid().optional().catch(undefined),
});
const placeSchema = z.object({
  signedAt: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .refine(isStorable),
  id: z.uuid(),
});

/** Signatories by filter, or of one review group, page by page. */
export default campaignPage(
  async ({ searchParams }: PageProps<"/admin/[campaign]/signatories">) =>
    isMany(await queryOf(searchParams)) ? "signatory.list-many" : "signatory.list",
  async (visit, { searchParams }) => {
    const { actor, may, slug } = visit;
    const query = await queryOf(searchParams);
    const { updates, group, ...filter } = querySchema.parse(Object.fromEntries(query));
    const rule = group === undefined ? {} : await ruleOfGroup(slug, group);
    if (rule === null) return notThere();
    const told = { ...filter, updates: updates === "yes" };
    const page = await read(visit, { ...told, ...rule }, query);
    if (page.kind !== "found") return withoutNames(page);
    const { signatories } = page;
    await recordAudit({
      actor,
      action: "signatory.list",
      campaign: slug,
      detail: { ...told, ...(group === undefined ? {} : { group }), found: signatories.length },
    });
    const mayChange = may("run");
    const list = `/admin/${slug}/signatories`;
    return (
      <Signatories
        desk={`/admin/${slug}`}
        address={`${list}?${query}`}
        mayChange={mayChange}
        signatories={signatories.map(listed)}
        filter={fieldsOf(query, group)}
        countries={countryOptions(DEFAULT_LOCALE)}
        locales={LOCALES}
        atOnce={SIGNATORIES_AT_ONCE}
        earlier={page.hasEarlier ? pageAddress(list, "behind", signatories.at(-1), query) : null}
        later={page.hasLater ? pageAddress(list, "ahead", signatories[0], query) : null}
        undoable={mayChange ? await undoableJobs(slug) : []}
        reasons={INVALID_REASONS}
        actions={{ search: searchOrLift, chosen: actOnChosen, undo: undoJob }}
      />
    );
  },
);

function isMany(query: URLSearchParams): boolean {
  return query.get("show") === String(SIGNATORIES_AT_ONCE);
}

type ListPage = Extract<SignatoriesFound, { kind: "found" }> & { hasEarlier: boolean; hasLater: boolean };

/** Reads one page of the list, and whether there are others on either side. */
async function read(
  { reader, slug }: CampaignVisit,
  filter: SignatoryFilter,
  query: URLSearchParams,
): Promise<ListPage | Exclude<SignatoriesFound, { kind: "found" }>> {
  const take = isMany(query) ? SIGNATORIES_AT_ONCE : SIGNATORIES_PER_PAGE;
  const edge = edgeIn(query);
  // One more than is shown, to tell whether there is another page on that side.
  const found = await findSignatories(reader, slug, filter, edge, take + 1);
  if (found.kind !== "found") return found;
  const ahead = edge?.direction === "ahead";
  const more = found.signatories.length > take;
  return {
    kind: "found",
    signatories: ahead ? found.signatories.slice(-take) : found.signatories.slice(0, take),
    hasEarlier: ahead || more,
    hasLater: ahead ? more : edge !== undefined,
  };
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
  list: string,
  direction: PageEdge["direction"],
  edge: Signatory | undefined,
  query: URLSearchParams,
): string | null {
  if (!edge) return null;
  const address = new URLSearchParams(query);
  address.delete("behind");
  address.delete("ahead");
  address.set(direction, `${edge.signedAt.toISOString()} ${edge.id}`);
  return `${list}?${address}`;
}

function fieldsOf(query: URLSearchParams, group = ""): FilterFields {
  const text = (name: keyof FilterFields) => query.get(name) ?? "";
  return {
    state: text("state"),
    country: text("country"),
    locale: text("locale"),
    updates: text("updates"),
    source: text("source"),
    from: text("from"),
    to: text("to"),
    show: isMany(query) ? text("show") : "",
    group,
  };
}

import { SECOND_FACTOR_MINUTES } from "@/lib/accounts";
import type { Actor } from "@/lib/audit";
import { isSlug } from "@/lib/campaigns";
import type { ActionName } from "@/lib/desk";
import { takeExportSlot } from "@/lib/export";
import { json, redirect } from "@/lib/http/answers";
import { wantsPage } from "@/lib/http/request";
import { forAction } from "./action";
import { notice } from "./document";

const CODE_NEEDED = {
  error: "second_factor_required",
  message: `The last authenticator code is more than ${SECOND_FACTOR_MINUTES} minutes old: give one at /admin/exports, or use an API token`,
};
/** When to try again for a free export slot, in seconds. */
const RETRY_SECONDS = 10;
const NO_PLACE = {
  "own-limit": { status: 429, message: "Your other exports are still under way: wait until one has ended" },
  full: { status: 503, message: "Others are exporting just now: try again in a moment" },
} as const;

/**
 * Runs an export route for exporters with a recent authenticator code and a free export slot. Without a code,
 * a browser is redirected to the page that asks for one, with all choices kept; other clients get JSON.
 * @param route must call `leave` once its file has ended, to free the slot. If it throws or its answer is not
 * ok, the slot is freed for it.
 */
export function forExport(
  request: Request,
  name: ActionName,
  params: Promise<{ slug: string }>,
  route: (actor: Actor, slug: string, leave: () => void) => Promise<Response>,
): Promise<Response> {
  const page = `/admin/exports${new URL(request.url).search}`;
  const asPage = wantsPage(request);
  return forAction(
    request,
    name,
    async ({ actor }) => {
      const { slug } = await params;
      if (!isSlug(slug)) return json({ error: "not_found" }, 404);
      const place = takeExportSlot(actor.id);
      if (place.kind !== "taken") return noPlace(actor, NO_PLACE[place.kind], asPage);
      try {
        const answer = await route(actor, slug, place.leave);
        if (!answer.ok) place.leave();
        return request.method === "HEAD" ? await withoutBody(answer) : answer;
      } catch (error) {
        place.leave();
        throw error;
      }
    },
    { wanted: page, asPage, withoutCode: () => (asPage ? redirect(page) : json(CODE_NEEDED, 403)) },
  );
}

function noPlace(
  actor: Actor,
  { status, message }: { status: number; message: string },
  asPage: boolean,
): Promise<Response> | Response {
  const headers = { "retry-after": String(RETRY_SECONDS) };
  return asPage
    ? notice(actor, "Too many exports at once", `${message}.`, status, headers)
    : json({ error: "too_many_exports", message }, status, headers);
}

/** Cancels the body of an answer to HEAD, which ends the file and releases what it holds. */
async function withoutBody({ body, status, headers }: Response): Promise<Response> {
  await body?.cancel();
  return new Response(null, { status, headers });
}

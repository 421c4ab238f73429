import type { Actor } from "@/lib/audit";
import { isSlug } from "@/lib/campaigns";
import type { ActionName } from "@/lib/desk";
import { takeExportSlot } from "@/lib/export";
import { json, redirect } from "@/lib/http/answers";
import { wantsPage } from "@/lib/http/request";
import { codeNeeded, forAction, refusedBeforePublishing } from "./desk-route";
import { notice } from "./document";

/** When to try again for a free export slot, in seconds. */
const RETRY_SECONDS = 10;
const NO_SLOT = {
  "own-limit": { status: 429, message: "Your other exports are still running. Wait until one has finished." },
  full: { status: 503, message: "Others are exporting just now. Try again in a moment." },
} as const;

/**
 * Runs an export route for exporters with a recent code and a free export slot. Without a code, a browser is
 * redirected to the page of exports with all choices kept, which asks for one; other clients get JSON.
 * @param route must call `leave` once its file has ended, to free the slot. If it throws or its answer is not
 * ok, the slot is freed for it.
 */
export async function forExport(
  request: Request,
  name: ActionName,
  params: Promise<{ slug: string }>,
  route: (actor: Actor, slug: string, leave: () => void) => Promise<Response>,
): Promise<Response> {
  const { slug } = await params;
  const { search } = new URL(request.url);
  const page = isSlug(slug) ? `/admin/${slug}/exports` : "/admin";
  const withChoices = `${page}${search}`;
  const asPage = wantsPage(request);
  return forAction(
    request,
    name,
    async ({ actor }) => {
      const refusal = await refusedBeforePublishing(slug);
      if (refusal) return refusal;
      const slot = takeExportSlot(actor.id);
      if (slot.kind !== "taken") return noSlot(NO_SLOT[slot.kind], asPage);
      try {
        const answer = await route(actor, slug, slot.leave);
        if (!answer.ok) slot.leave();
        return request.method === "HEAD" ? await withoutBody(answer) : answer;
      } catch (error) {
        slot.leave();
        throw error;
      }
    },
    {
      campaign: slug,
      wanted: withChoices,
      asPage,
      withoutCode: () => (asPage ? redirect(withChoices) : codeNeeded(page)),
    },
  );
}

function noSlot(
  { status, message }: { status: number; message: string },
  asPage: boolean,
): Promise<Response> | Response {
  const headers = { "retry-after": String(RETRY_SECONDS) };
  return asPage
    ? notice("Too many exports at once", message, status, headers)
    : json({ error: "too_many_exports", message }, status, headers);
}

/** Cancels the body of an answer to HEAD, which ends the file and releases what it holds. */
async function withoutBody({ body, status, headers }: Response): Promise<Response> {
  await body?.cancel();
  return new Response(null, { status, headers });
}

import { handleErrors } from "@/app/(public)/_pages/errors";
import { SECOND_FACTOR_MINUTES } from "@/lib/accounts";
import { type ActionName, actionOf, authorise, type DeskAction } from "@/lib/desk";
import { deskCampaign } from "@/lib/editing";
import { json } from "@/lib/http/answers";
import { wantsJson } from "@/lib/http/request";
import { forbidden, notThere, toSignIn } from "./document";
import { queryIn } from "./query";
import { type Authorised, type Visit, visitOf } from "./visit";

const UNAUTHORIZED = 401;
const FORBIDDEN = 403;
const NOT_FOUND = 404;
const CONFLICT = 409;

/** A request to a route handler of the desk by someone who is allowed to make it. */
export type RouteVisit = Visit & { query: URLSearchParams };

export type Refusal = {
  /** Slug of the campaign that the request concerns. Default: none, and only what people may do everywhere counts. */
  campaign?: string;
  /** Where to go after sign-in. Default: the requested address, or the overview after a POST. */
  wanted?: string;
  /** Whether to refuse with a page. Default: yes, unless the client asked for data. */
  asPage?: boolean;
  /** Answers a session that needs a code first. Default: JSON that says so. */
  withoutCode?: () => Response;
};

/**
 * Runs a route handler of the desk if the caller may perform the action and any code required by
 * `lib/desk/actions.ts` is recent. For files, data and the sign-out; pages use `deskPage`.
 */
export function forAction(
  request: Request,
  name: ActionName,
  route: (visit: RouteVisit) => Promise<Response>,
  refusal: Refusal = {},
): Promise<Response> {
  const declared = actionOf(name);
  return handleErrors(request, () =>
    authorised(request, declared, refusal, async (visitor) => {
      if (declared.code !== null && !visitor.proved) return refusal.withoutCode?.() ?? codeNeeded();
      return route({ ...visitOf(visitor), query: queryIn(request) });
    }),
  );
}

async function authorised(
  request: Request,
  { needs, file }: DeskAction,
  { campaign, wanted, asPage = !wantsJson(request) }: Refusal,
  route: (visitor: Authorised) => Promise<Response>,
): Promise<Response> {
  const authorisation = await authorise(request, needs, {
    campaign: campaign ?? null,
    fromOurs: file === true,
  });
  if (authorisation.ok) return route(authorisation);
  if (authorisation.status === NOT_FOUND)
    return asPage ? notThere() : json({ error: "not_found" }, NOT_FOUND);
  if (authorisation.status === FORBIDDEN)
    return asPage ? forbidden(authorisation.why) : json({ error: "forbidden" }, FORBIDDEN);
  if (!asPage) return json({ error: "unauthorized" }, UNAUTHORIZED);
  const { pathname, search } = new URL(request.url);
  return toSignIn(wanted ?? (request.method === "GET" ? `${pathname}${search}` : "/admin"));
}

/** Refuses figures and files of a campaign that was never published, or is none; null if there can be some. */
export async function refusedBeforePublishing(slug: string): Promise<Response | null> {
  const campaign = await deskCampaign(slug);
  if (campaign === null) return json({ error: "not_found" }, NOT_FOUND);
  if (campaign.version !== null) return null;
  const message = `The campaign is not published yet. Publish it at /admin/${slug}/versions.`;
  return json({ error: "not_published", message }, CONFLICT);
}

/** Says in JSON that a code is needed, and where to enter one. */
export function codeNeeded(page = "/admin"): Response {
  const message = `Your last code is more than ${SECOND_FACTOR_MINUTES} minutes old. Enter a new one at ${page}, or use an API token.`;
  return json({ error: "second_factor_required", message }, FORBIDDEN);
}

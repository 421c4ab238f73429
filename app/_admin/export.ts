import { forRole } from "@/app/_admin/page";
import type { Actor } from "@/lib/admin";
import { SECOND_FACTOR_MINUTES } from "@/lib/admin/sessions";
import { json, seeOther } from "@/lib/http/answers";
import { wantsPage } from "@/lib/http/request";

const CODE_NEEDED = {
  error: "second_factor_required",
  message: `The last authenticator code is more than ${SECOND_FACTOR_MINUTES} minutes old: give one at /admin/exports, or use an API token`,
};

/**
 * Runs a route that hands out signatories, for exporters who gave an authenticator code lately. A browser is led to the
 * page that asks for what is missing, with all that was chosen; everybody else is told in data.
 */
export function forExport(request: Request, route: (actor: Actor) => Promise<Response>): Promise<Response> {
  const page = `/admin/exports${new URL(request.url).search}`;
  return forRole(
    request,
    "exporter",
    async (actor, proved) => {
      if (proved) return route(actor);
      return wantsPage(request) ? seeOther(page) : json(CODE_NEEDED, 403);
    },
    { wanted: page, asPage: wantsPage(request) },
  );
}

import { guarded } from "@/app/(public)/_pages/guard";
import { sessionOf } from "@/lib/accounts";

/** Whether the caller's session is still open: 204 or 401. Pages of the desk ask, and leave the screen when it is not. */
export function GET(request: Request): Promise<Response> {
  return guarded(request, async () => {
    const status = (await sessionOf(request)) === null ? 401 : 204;
    return new Response(null, { status, headers: { "cache-control": "no-store" } });
  });
}

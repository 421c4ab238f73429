import { forAction } from "@/app/admin/_desk/action";

/** Whether the caller's session is still open: 204 or 401. Pages of the desk ask, and leave the screen when it is not. */
export function GET(request: Request): Promise<Response> {
  return forAction(
    request,
    "session.view",
    async () => new Response(null, { status: 204, headers: { "cache-control": "no-store" } }),
    { asPage: false },
  );
}

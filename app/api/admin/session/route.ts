import { forAction } from "@/app/admin/_desk/desk-route";

/**
 * Answers 204 if the caller's session is open, else 401. Desk pages poll it and hide themselves when it has
 * ended.
 */
export function GET(request: Request): Promise<Response> {
  return forAction(
    request,
    "session.view",
    async () => new Response(null, { status: 204, headers: { "cache-control": "no-store" } }),
  );
}

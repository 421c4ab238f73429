import { forRole } from "@/app/_admin/page";
import { endSession, sessionCookie, sessionOf } from "@/lib/admin/sessions";

/** Ends the session in the database, takes the cookie back, and has the browser forget what it kept (OWASP ASVS 5.0, 14.3.1). */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "viewer", async (actor) => {
    const session = await sessionOf(request);
    if (session) await endSession(session.sessionId, actor);
    return new Response(null, {
      status: 303,
      headers: {
        location: "/admin/sign-in",
        "cache-control": "no-store",
        "clear-site-data": '"cache", "cookies", "storage"',
        "set-cookie": await sessionCookie(null),
      },
    });
  });
}

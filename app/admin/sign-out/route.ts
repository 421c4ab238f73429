import { forRole } from "@/app/_admin/page";
import { cookieName, endSession, sessionOf } from "@/lib/admin/sessions";
import { settings } from "@/lib/settings";

/** Ends the session in the database, and takes the cookie back. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "viewer", async (actor) => {
    const session = await sessionOf(request);
    if (session) await endSession(session.sessionId, actor);
    const secure = settings().siteUrl.startsWith("https:") ? "; Secure" : "";
    return new Response(null, {
      status: 303,
      headers: {
        location: "/admin/sign-in",
        "cache-control": "no-store",
        "set-cookie": `${cookieName("session-token")}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${secure}`,
      },
    });
  });
}

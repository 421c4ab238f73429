import { forAction } from "@/app/admin/_desk/desk-route";
import { endSession, sessionCookie } from "@/lib/accounts";
import { redirect } from "@/lib/http/answers";

/**
 * Ends the session in the database, deletes the cookie and clears the browser's stored data (OWASP ASVS 5.0,
 * 14.3.1).
 */
export function POST(request: Request): Promise<Response> {
  return forAction(request, "session.sign-out", async ({ actor, sessionId }) => {
    if (sessionId !== null) await endSession(sessionId, actor);
    return redirect("/admin/sign-in", {
      headers: {
        "clear-site-data": '"cache", "cookies", "storage"',
        "set-cookie": await sessionCookie(null),
      },
    });
  });
}

import { NextRequest } from "next/server";
import { nextAuth } from "@/app/_admin/next-auth";
import { guarded } from "@/app/_pages/guard";
import { leadBack, refuseForm } from "@/app/_pages/refuse";
import { cookieName } from "@/lib/admin/sessions";
import { json } from "@/lib/http/answers";
import { isForeign, readBody } from "@/lib/http/request";
import { noteAttempt } from "@/lib/operations/attempts";
import { settings } from "@/lib/settings";

type Context = RouteContext<"/api/auth/[...nextauth]">;

/** The parts of next-auth that the sign-in page uses. Its pages lead to ours; its sign-out is ours instead. */
const READ = new Set(["csrf", "error", "signin"]);
const POSTED = "callback/credentials";
/** The largest sign-in form, in bytes. */
const SIGN_IN_FORM_LIMIT_BYTES = 16 * 1024;

export function GET(request: NextRequest, { params }: Context): Promise<Response> {
  return guarded(request, async () => {
    const { nextauth: path } = await params;
    if (path.join("/") === POSTED) return leadBack(request, "/admin/sign-in");
    if (!READ.has(path.join("/"))) return json({ error: "not_found" }, 404);
    return leadsNowhere(request) ? refuseForm(request, "malformed") : nextAuth(request, path);
  });
}

export function POST(request: NextRequest, { params }: Context): Promise<Response> {
  return guarded(request, async () => {
    const { nextauth: path } = await params;
    if (READ.has(path.join("/"))) return json({ error: "method_not_allowed" }, 405, { allow: "GET, HEAD" });
    if (path.join("/") !== POSTED) return json({ error: "not_found" }, 404);
    if (isForeign(request)) {
      noteAttempt("foreign-post");
      return refuseForm(request, "forbidden-origin");
    }
    // next-auth reads bodies of any size, and fails on JSON that is none: it gets forms alone, as our page sends them.
    const { headers, url } = request;
    if (!headers.get("content-type")?.startsWith("application/x-www-form-urlencoded"))
      return refuseForm(request, "wrong-type");
    const body = await readBody(request, SIGN_IN_FORM_LIMIT_BYTES);
    if (body === null) return refuseForm(request, "too-large");
    if (leadsNowhere(request)) return refuseForm(request, "malformed");
    return nextAuth(new NextRequest(url, { method: "POST", headers, body }), path);
  });
}

/** next-auth fails on an address to go back to that is none, in the query or in its cookie. */
function leadsNowhere({ nextUrl, cookies }: NextRequest): boolean {
  const named = [nextUrl.searchParams.get("callbackUrl"), cookies.get(cookieName("callback-url"))?.value];
  return named.some((address) => {
    if (!address) return false;
    const base = address.startsWith("/") ? settings().siteUrl : undefined;
    return !(URL.canParse(address, base) && /^https?:$/.test(new URL(address, base).protocol));
  });
}

import { NextRequest } from "next/server";
import { handleErrors } from "@/app/(public)/_pages/errors";
import { answerPostOnly, refuseForm } from "@/app/(public)/_pages/refuse";
import { nextAuth } from "@/app/admin/_desk/next-auth";
import { cookieName } from "@/lib/accounts";
import { json, redirect } from "@/lib/http/answers";
import { isForeign, readBody } from "@/lib/http/request";
import { noteSecurityEvent } from "@/lib/observability";
import { settings } from "@/lib/settings";

type Context = RouteContext<"/api/auth/[...nextauth]">;

/** The only next-auth routes that are exposed: those the sign-in page uses. */
const TOKEN = "csrf";
const POSTED = "callback/credentials";
/** next-auth pages that ours replace. */
const PAGES = new Set(["error", "signin"]);
/** The form of error codes that the sign-in page accepts in its address. */
const ERROR_FORM = /^[A-Za-z-]{1,40}$/;
/** The largest sign-in form, in bytes. */
const SIGN_IN_FORM_LIMIT_BYTES = 16 * 1024;

export function GET(request: NextRequest, { params }: Context): Promise<Response> {
  return handleErrors(request, async () => {
    const { nextauth: path } = await params;
    const name = path.join("/");
    if (name === POSTED) return answerPostOnly(request, "/admin/sign-in");
    if (PAGES.has(name)) return toSignInPage(request);
    if (name !== TOKEN) return json({ error: "not_found" }, 404);
    return leadsNowhere(request) ? refuseForm(request, "malformed") : nextAuth(stripped(request), path);
  });
}

export function POST(request: NextRequest, { params }: Context): Promise<Response> {
  return handleErrors(request, async () => {
    const { nextauth: path } = await params;
    const name = path.join("/");
    if (name === TOKEN || PAGES.has(name))
      return json({ error: "method_not_allowed" }, 405, { allow: "GET, HEAD" });
    if (name !== POSTED) return json({ error: "not_found" }, 404);
    if (isForeign(request)) {
      noteSecurityEvent("foreign-post");
      return refuseForm(request, "forbidden-origin");
    }
    // next-auth reads bodies of any size and fails on invalid JSON, so it gets only forms, as our page sends
    // them.
    const { headers } = request;
    if (!headers.get("content-type")?.startsWith("application/x-www-form-urlencoded"))
      return refuseForm(request, "wrong-type");
    const body = await readBody(request, SIGN_IN_FORM_LIMIT_BYTES);
    if (body === null) return refuseForm(request, "too-large");
    if (leadsNowhere(request)) return refuseForm(request, "malformed");
    return nextAuth(stripped(request, body), path);
  });
}

/** Returns the request without its query: next-auth does not need it and copies parts of it into headers. */
function stripped(
  { nextUrl, headers }: NextRequest,
  body?: NonNullable<Awaited<ReturnType<typeof readBody>>>,
): NextRequest {
  const address = new URL(nextUrl.pathname, settings().siteUrl);
  return new NextRequest(address, body === undefined ? { headers } : { method: "POST", headers, body });
}

function toSignInPage({ nextUrl }: NextRequest): Response {
  const error = nextUrl.searchParams.get("error") ?? "";
  return redirect(ERROR_FORM.test(error) ? `/admin/sign-in?error=${error}` : "/admin/sign-in");
}

/** Returns whether the callback address, in the query or the cookie, is invalid: next-auth fails on it. */
function leadsNowhere({ nextUrl, cookies }: NextRequest): boolean {
  const named = [nextUrl.searchParams.get("callbackUrl"), cookies.get(cookieName("callback-url"))?.value];
  return named.some((address) => {
    if (!address) return false;
    const base = address.startsWith("/") ? settings().siteUrl : undefined;
    return !(URL.canParse(address, base) && /^https?:$/.test(new URL(address, base).protocol));
  });
}

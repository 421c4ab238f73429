import { SIGN_IN_TOO_MANY, SIGN_IN_UNAVAILABLE, signInToken } from "@/app/_admin/next-auth";
import { adminPage, organisation } from "@/app/_admin/page";
import { guarded } from "@/app/_pages/guard";
import { type SignInOutcome, SignInPage } from "@/components/admin/SignInPage";
import { settings } from "@/lib/settings";

/** The sign-in form, which next-auth takes at `/api/auth/callback/credentials`. */
export function GET(request: Request): Promise<Response> {
  return guarded(request, async () => {
    const { csrfToken, cookies } = await signInToken(request);
    const asked = new URL(request.url).searchParams;
    const answer = await adminPage(
      <SignInPage
        organisation={organisation()}
        csrfToken={csrfToken}
        callbackUrl={ownPath(asked.get("callbackUrl"))}
        outcome={outcomeOf(asked.get("error"))}
      />,
    );
    for (const cookie of cookies) answer.headers.append("set-cookie", cookie);
    return answer;
  });
}

function outcomeOf(error: string | null): SignInOutcome | null {
  if (error === null) return null;
  if (error === SIGN_IN_TOO_MANY) return "too-many";
  return error === SIGN_IN_UNAVAILABLE ? "unavailable" : "refused";
}

/** A page of the desk on this very site, or the desk. */
function ownPath(wanted: string | null): string {
  const { siteUrl } = settings();
  if (wanted === null || !URL.canParse(wanted, siteUrl)) return "/admin";
  const { origin, pathname, search } = new URL(wanted, siteUrl);
  const ours = origin === new URL(siteUrl).origin && /^\/(?:admin|api\/admin)(?:\/|$)/.test(pathname);
  return ours && !pathname.startsWith("/admin/sign-") ? `${pathname}${search}` : "/admin";
}

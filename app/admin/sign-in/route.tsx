import { handleErrors } from "@/app/(public)/_pages/errors";
import { adminPage, organisation } from "@/app/admin/_desk/document";
import { SIGN_IN_TOO_MANY, SIGN_IN_UNAVAILABLE, signInToken } from "@/app/admin/_desk/next-auth";
import { ownPath } from "@/app/admin/_desk/own-path";
import { type SignInOutcome, SignInPage } from "@/components/admin/SignInPage";

/** Serves the sign-in form, which posts to next-auth at `/api/auth/callback/credentials`. */
export function GET(request: Request): Promise<Response> {
  return handleErrors(request, async () => {
    const { csrfToken, cookies } = await signInToken(request);
    const asked = new URL(request.url).searchParams;
    const answer = await adminPage(
      <SignInPage
        organisation={organisation()}
        csrfToken={csrfToken}
        callbackUrl={ownPath(asked.get("callbackUrl"))}
        outcome={asked.get("ended") === "codes" ? "ended" : outcomeOf(asked.get("error"))}
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

import { NextRequest } from "next/server";
import NextAuth, { type NextAuthOptions } from "next-auth";
import CredentialsProvider from "next-auth/providers/credentials";
import { cookieName, openCookie, SESSION_HOURS, signIn } from "@/lib/accounts";
import { CLIENT_ADDRESS_HEADER } from "@/lib/http/request";
import { log } from "@/lib/log";
import { settings } from "@/lib/settings";

type Handler = (
  request: NextRequest,
  context: { params: Promise<{ nextauth: string[] }> },
) => Promise<Response>;

/**
 * The error in the sign-in page's address when credentials could not be checked: next-auth puts an error's
 * message there.
 */
export const SIGN_IN_UNAVAILABLE = "unavailable";
export const SIGN_IN_TOO_MANY = "too-many";

/** Logs unexpected errors and tells the reader "try again", never "wrong password". */
async function attempt(form: Parameters<typeof signIn>[0]): Promise<Awaited<ReturnType<typeof signIn>>> {
  try {
    return await signIn(form);
  } catch (error) {
    log.error("sign-in failed", error);
    return { kind: "busy" };
  }
}

/**
 * next-auth authenticates and seals the cookie; the database decides each time whether the session is still
 * valid.
 */
function options(): NextAuthOptions {
  const { siteUrl, nextAuthSecret } = settings();
  const secure = siteUrl.startsWith("https:");
  const cookie = (name: Parameters<typeof cookieName>[0]) => ({
    name: cookieName(name),
    options: { httpOnly: true, sameSite: "lax" as const, path: "/", secure },
  });
  return {
    secret: nextAuthSecret,
    // Only an error's name is logged: its message may quote what somebody sent.
    logger: {
      error: (code) => log.warn("next-auth", { code }),
      warn: (code) => log.warn("next-auth", { code }),
      debug: () => {},
    },
    session: { strategy: "jwt", maxAge: SESSION_HOURS * 60 * 60 },
    jwt: { decode: openCookie },
    pages: { signIn: "/admin/sign-in", error: "/admin/sign-in" },
    cookies: {
      sessionToken: cookie("session-token"),
      csrfToken: cookie("csrf-token"),
      callbackUrl: cookie("callback-url"),
    },
    providers: [
      CredentialsProvider({
        credentials: { email: {}, password: {}, code: {} },
        async authorize(credentials, request) {
          const { email = "", password = "", code = "" } = credentials ?? {};
          const client = String(request.headers?.[CLIENT_ADDRESS_HEADER] ?? "");
          const cookies = String(request.headers?.cookie ?? "");
          const outcome = await attempt({ email, password, code, client, cookies });
          if (outcome.kind === "busy") throw new Error(SIGN_IN_UNAVAILABLE);
          if (outcome.kind === "too-many") throw new Error(SIGN_IN_TOO_MANY);
          return outcome.kind === "signed-in" ? { id: outcome.sessionToken } : null;
        },
      }),
    ],
    callbacks: {
      jwt: ({ token, user }) => (user ? { sub: user.id } : token),
      // Only paths of this site, to prevent open redirects.
      redirect: ({ url }) => {
        const target = URL.canParse(url, siteUrl) ? new URL(url, siteUrl) : new URL(siteUrl);
        return target.origin === new URL(siteUrl).origin ? target.href : `${siteUrl}/admin`;
      },
    },
  };
}

/** Runs next-auth's own handler of `/api/auth/…`. */
export function nextAuth(request: NextRequest, path: string[]): Promise<Response> {
  // next-auth reads its own address from here; forwarded headers have no effect.
  process.env.NEXTAUTH_URL = settings().siteUrl;
  const handler = NextAuth(options()) as Handler;
  return handler(request, {
    params: Promise.resolve({ nextauth: path }),
  });
}

/** Returns next-auth's CSRF token for the sign-in form and the cookies it must match. */
export async function signInToken(request: Request): Promise<{ csrfToken: string; cookies: string[] }> {
  const asked = new NextRequest(new URL("/api/auth/csrf", settings().siteUrl), {
    headers: { cookie: request.headers.get("cookie") ?? "" },
  });
  const answer = await nextAuth(asked, ["csrf"]);
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  return { csrfToken, cookies: answer.headers.getSetCookie() };
}

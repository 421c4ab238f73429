import type { ReactElement } from "react";
import { guarded } from "@/app/_pages/guard";
import { render } from "@/app/_pages/render";
import type { SignedIn } from "@/components/admin/AdminDocument";
import { NoticePage } from "@/components/admin/NoticePage";
import { ADMIN_STYLES } from "@/components/admin/styles";
import { STYLES } from "@/components/document/styles";
import { type Actor, type Authorisation, authorise, type Role } from "@/lib/admin";
import { SESSION_IDLE_MINUTES, sessionCookie } from "@/lib/admin/sessions";
import { proveAgain } from "@/lib/admin/sign-in";
import { contentSecurityPolicy, html, json } from "@/lib/http/answers";
import { deskWatch } from "@/lib/http/enhancement";
import { readForm, wantsJson } from "@/lib/http/request";
import { settings } from "@/lib/settings";

/** The largest form of the desk, in bytes. */
const ADMIN_FORM_LIMIT_BYTES = 64 * 1024;
const ADMIN_HEADERS = { "content-security-policy": contentSecurityPolicy(STYLES + ADMIN_STYLES) };

export const organisation = () => settings().organisationName;
export const signedInAs = ({ label, role }: Actor): SignedIn => ({
  label,
  role,
  watch: deskWatch(),
  idleSeconds: SESSION_IDLE_MINUTES * 60,
});

/** A page of the desk: never kept by any cache. */
export async function adminPage(
  page: ReactElement,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return html(await render(page), status, { ...ADMIN_HEADERS, ...headers });
}

type Refusal = {
  /** Where the sign-in leads back to; by itself the page that was looked at, or the desk. */
  wanted?: string;
  /** Whether the refusal is a page at all; by itself unless data was asked for. */
  asPage?: boolean;
  /** True when a browser may not read this on another site's behalf either. */
  fromOurs?: boolean;
};

/** Runs a route of the desk for whoever has the role: others are led to the sign-in and back, or told that they may not. */
export function forRole(
  request: Request,
  needed: Role,
  route: (actor: Actor, proved: boolean) => Promise<Response>,
  { wanted, asPage = !wantsJson(request), fromOurs = false }: Refusal = {},
): Promise<Response> {
  return guarded(request, async () => {
    const authorised = await authorise(request, needed, fromOurs);
    if (authorised.ok) return route(authorised.actor, authorised.proved);
    if (authorised.status === 401)
      return asPage ? toSignIn(request, wanted) : json({ error: "unauthorized" }, 401);
    if (!asPage) return json({ error: "forbidden" }, 403);
    return notice(null, "You may not do this", WHY_NOT[authorised.why], 403);
  });
}

const WHY_NOT: Record<Extract<Authorisation, { status: 403 }>["why"], string> = {
  role: "Your role does not reach this far. Ask an owner.",
  token: "An API token does not reach this far.",
  origin: "Another site's page asked for this. Go to the desk and ask for it there.",
};

/** Whether who asks has proved it lately; with the session's new id and cookie where a code did so just now. */
export type Proved = { sessionId?: string; headers: Record<string, string> } | null;

/** Takes a code where the last is too old (OWASP ASVS 5.0, 7.5.1). Null when it is missing or was not taken. */
export async function proofOf(request: Request, proved: boolean, code: string): Promise<Proved> {
  if (proved) return { headers: {} };
  const sessionId = code === "" ? null : await proveAgain(request, code);
  return sessionId === null ? null : renewed(sessionId);
}

/** What a browser needs to go on with a session that got another id. */
export async function renewed(sessionId: string) {
  return { sessionId, headers: { "set-cookie": await sessionCookie(sessionId) } };
}

/** A notice of the desk with a way back to it. */
export function notice(
  actor: Actor | null,
  title: string,
  text: string,
  status: number,
  headers: Record<string, string> = {},
): Promise<Response> {
  return adminPage(
    <NoticePage
      organisation={organisation()}
      signedIn={actor === null ? null : signedInAs(actor)}
      title={title}
      text={text}
      action={{ href: "/admin", name: "To the desk" }}
    />,
    status,
    headers,
  );
}

/** The fields of a form of the desk, as texts; null when it could not be read. */
export async function adminForm(request: Request): Promise<Record<string, string> | null> {
  const received = await readForm(request, ADMIN_FORM_LIMIT_BYTES);
  if (!received.ok) return null;
  return Object.fromEntries(
    Object.entries(received.fields).filter(
      (field): field is [string, string] => typeof field[1] === "string",
    ),
  );
}

/** Where to go after signing in: the page that was wanted, when it was only looked at. */
function toSignIn(request: Request, back?: string): Response {
  const { pathname, search } = new URL(request.url);
  const wanted = back ?? (request.method === "GET" ? `${pathname}${search}` : "/admin");
  return new Response(null, {
    status: 303,
    headers: {
      location: `/admin/sign-in?callbackUrl=${encodeURIComponent(wanted)}`,
      "cache-control": "no-store",
    },
  });
}

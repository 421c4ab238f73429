import type { ReactElement } from "react";
import { guarded } from "@/app/_pages/guard";
import { render } from "@/app/_pages/render";
import type { SignedIn } from "@/components/admin/AdminDocument";
import { NoticePage } from "@/components/admin/NoticePage";
import { ADMIN_STYLES } from "@/components/admin/styles";
import { STYLES } from "@/components/document/styles";
import { type Actor, authorise, type Role } from "@/lib/admin";
import { contentSecurityPolicy, html, json } from "@/lib/http/answers";
import { readForm, wantsJson } from "@/lib/http/request";
import { settings } from "@/lib/settings";

/** The largest form of the desk, in bytes. */
const ADMIN_FORM_LIMIT_BYTES = 64 * 1024;
const ADMIN_HEADERS = { "content-security-policy": contentSecurityPolicy(STYLES + ADMIN_STYLES) };

export const organisation = () => settings().organisationName;
export const signedInAs = ({ label, role }: Actor): SignedIn => ({ label, role });

/** A page of the desk: never kept by any cache. */
export async function adminPage(
  page: ReactElement,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return html(await render(page), status, { ...ADMIN_HEADERS, ...headers });
}

/**
 * Runs a route of the desk for whoever has the role: others are led to the sign-in and back, or told that they may not.
 * @param refusal where the sign-in leads back to, by itself the page that was looked at, or the desk; and whether the
 *   refusal is a page at all, by itself unless data was asked for.
 */
export function forRole(
  request: Request,
  needed: Role,
  route: (actor: Actor, proved: boolean) => Promise<Response>,
  { wanted, asPage = !wantsJson(request) }: { wanted?: string; asPage?: boolean } = {},
): Promise<Response> {
  return guarded(request, async () => {
    const authorised = await authorise(request, needed);
    if (authorised.ok) return route(authorised.actor, authorised.proved);
    if (authorised.status === 401)
      return asPage ? toSignIn(request, wanted) : json({ error: "unauthorized" }, 401);
    if (!asPage) return json({ error: "forbidden" }, 403);
    return notice(null, "You may not do this", "Your role does not reach this far. Ask an owner.", 403);
  });
}

/** A notice of the desk with a way back to it. */
export function notice(actor: Actor | null, title: string, text: string, status: number): Promise<Response> {
  return adminPage(
    <NoticePage
      organisation={organisation()}
      signedIn={actor === null ? null : signedInAs(actor)}
      title={title}
      text={text}
      action={{ href: "/admin", name: "To the desk" }}
    />,
    status,
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

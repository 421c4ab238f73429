import type { ReactElement } from "react";
import { deskWatch } from "@/app/(public)/_pages/enhancement";
import { render } from "@/app/(public)/_pages/render";
import type { SignedIn } from "@/components/admin/AdminDocument";
import { NoticePage } from "@/components/admin/NoticePage";
import { ADMIN_STYLES } from "@/components/admin/styles";
import { STYLES } from "@/components/document/styles";
import { SESSION_IDLE_MINUTES } from "@/lib/accounts";
import type { Actor } from "@/lib/audit";
import { storable } from "@/lib/db/storable";
import type { Authorisation } from "@/lib/desk";
import { contentSecurityPolicy, html, redirect } from "@/lib/http/answers";
import { readForm } from "@/lib/http/request";
import { settings } from "@/lib/settings";

/** The largest form the desk accepts, in bytes. */
export const ADMIN_FORM_LIMIT_BYTES = 64 * 1024;
const ADMIN_HEADERS = { "content-security-policy": contentSecurityPolicy(STYLES + ADMIN_STYLES) };

export const organisation = () => settings().organisationName;
export const signedInAs = ({ label, role }: Actor): SignedIn => ({
  label,
  role,
  watch: deskWatch(),
  idleSeconds: SESSION_IDLE_MINUTES * 60,
});

/** Answers with a desk page, never cached. */
export async function adminPage(
  page: ReactElement,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return html(await render(page), status, { ...ADMIN_HEADERS, ...headers });
}

const WHY_NOT: Record<Extract<Authorisation, { status: 403 }>["why"], string> = {
  role: "Your role does not reach this far. Ask an owner.",
  token: "An API token does not reach this far.",
  origin: "Another site's page asked for this. Go to the desk and ask for it there.",
};

/** Answers with a notice that links back to the desk. */
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

/** Reads a desk form's text fields; null if the form cannot be read. */
export async function adminForm(request: Request): Promise<Record<string, string> | null> {
  const received = await readForm(request, ADMIN_FORM_LIMIT_BYTES);
  return received.ok ? textsIn(received.fields) : null;
}

/** Returns a form's text fields with characters removed that PostgreSQL cannot store. */
export function textsIn(fields: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, storable(value)]] : [],
    ),
  );
}

/** Returns the query parameters with characters removed that PostgreSQL cannot store. */
export function queryOf(request: Request): URLSearchParams {
  return new URLSearchParams(
    [...new URL(request.url).searchParams].map(([name, value]) => [name, storable(value)]),
  );
}

/** Redirects to the sign-in page; `wanted` is where to go afterwards. */
export function toSignIn(wanted: string): Response {
  return redirect(`/admin/sign-in?callbackUrl=${encodeURIComponent(wanted)}`);
}

/** Tells a signed-in person that they may not do this. */
export function forbidden(why: Extract<Authorisation, { status: 403 }>["why"]): Promise<Response> {
  return notice(null, "You may not do this", WHY_NOT[why], 403);
}

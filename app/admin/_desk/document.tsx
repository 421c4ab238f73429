import type { ReactElement } from "react";
import { render } from "@/app/(public)/_pages/render";
import { AdminDocument } from "@/components/admin/AdminDocument";
import { MAY_NOT } from "@/components/admin/Forbidden";
import { NO_SUCH_PAGE, Notice } from "@/components/admin/Notice";
import { DESK_STYLES } from "@/components/admin/styles";
import type { Authorisation } from "@/lib/desk";
import { contentSecurityPolicy, html, redirect } from "@/lib/http/answers";
import { readForm } from "@/lib/http/request";
import { settings } from "@/lib/settings";
import { textsIn } from "./texts";

/** The largest form the desk's route handlers accept, in bytes. */
const ADMIN_FORM_LIMIT_BYTES = 64 * 1024;
const ADMIN_HEADERS = { "content-security-policy": contentSecurityPolicy([DESK_STYLES]) };
const FORBIDDEN = 403;
const NOT_FOUND = 404;

export const organisation = () => settings().organisationName;

/** Answers a route handler with a page, never cached. */
export async function adminPage(
  page: ReactElement,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  return html(await render(page), status, { ...ADMIN_HEADERS, ...headers });
}

/** Answers with a page that says one thing and links to the overview. */
export function notice(
  title: string,
  message: string,
  status: number,
  headers: Record<string, string> = {},
): Promise<Response> {
  return adminPage(
    <AdminDocument organisation={organisation()} title={title}>
      <Notice title={title} message={message} />
    </AdminDocument>,
    status,
    headers,
  );
}

/** Reads a form's text fields; null if the form cannot be read. */
export async function adminForm(request: Request): Promise<Record<string, string> | null> {
  const received = await readForm(request, ADMIN_FORM_LIMIT_BYTES);
  return received.ok ? textsIn(Object.entries(received.fields)) : null;
}

/** Redirects to the sign-in page; `wanted` is where to go afterwards. */
export function toSignIn(wanted: string): Response {
  return redirect(`/admin/sign-in?callbackUrl=${encodeURIComponent(wanted)}`);
}

const WHY_NOT: Record<Extract<Authorisation, { status: 403 }>["why"], string> = {
  role: MAY_NOT.message,
  token: "An API token may not do this.",
  origin: "The request came from another site's page. Open the desk and try again there.",
};

/** Says that there is no such page. */
export function notThere(): Promise<Response> {
  return notice(NO_SUCH_PAGE.title, NO_SUCH_PAGE.message, NOT_FOUND);
}

/** Tells somebody that they may not do this, and why. */
export function forbidden(why: Extract<Authorisation, { status: 403 }>["why"]): Promise<Response> {
  return notice(MAY_NOT.title, WHY_NOT[why], FORBIDDEN);
}

import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import { cache } from "react";
import { endedSessionCookie, SECOND_FACTOR_MINUTES, sessionCookieOf, sessionOf } from "@/lib/accounts";
import type { Actor } from "@/lib/audit";
import { type ActionName, type Authorisation, actionOf, authorise, type May } from "@/lib/desk";
import { type DeskCampaign, deskCampaign } from "@/lib/editing";
import { DESK_PATH_HEADER } from "@/lib/http/desk-policy";
import type { Access } from "@/lib/roles";
import { settings } from "@/lib/settings";
import { NAMES_AN_HOUR, type Reader } from "@/lib/signatories";

/** A request at the desk by someone who is allowed to make it, and the time zone they want times shown in. */
export type Visit = {
  actor: Actor;
  access: Access;
  /** Whether they may do something else here: in the page's campaign, or everywhere if it belongs to none. */
  may: May;
  sessionId: string | null;
  reader: Reader;
  timeZone: string;
};

/** A visit to a page of one campaign, which exists. */
export type CampaignVisit = Visit & { slug: string; campaign: DeskCampaign };

export type Authorised = Extract<Authorisation, { ok: true }>;

/** Why a code is asked for. */
export const CODE_IS_OLD = `Your last code is more than ${SECOND_FACTOR_MINUTES} minutes old.`;
export const NAMES_ARE_MANY = `You have opened ${NAMES_AN_HOUR} names within this hour, or would with this page. A page that is reloaded counts again.`;
/** Said once no code opens more names. */
export const NO_MORE_NAMES = {
  title: "You have opened as many names as one hour allows",
  message: "The owners have been told. Try again later. If you need all names, make an export.",
};

const UNAUTHORIZED = 401;

/** They may not do this, or what they asked for is not there for them. */
export type Refused = { ok: false; status: 403 | 404 };

/**
 * Returns who makes the request, or why they may not. Redirects to the sign-in if nobody is signed in.
 * @param campaign slug of the campaign that it concerns; null if none.
 */
export async function authorised(
  method: "GET" | "POST",
  name: ActionName,
  campaign: string | null,
): Promise<Authorised | Refused> {
  const { needs, file } = actionOf(name);
  const asked = { campaign, fromOurs: file === true, readSession: () => currentSession() };
  const authorisation = await authorise(await deskRequest(method), needs, asked);
  if (authorisation.ok) return authorisation;
  const { status } = authorisation;
  if (status !== UNAUTHORIZED) return { ok: false, status };
  redirect(`/admin/sign-in?callbackUrl=${encodeURIComponent(await deskPath())}`);
}

/**
 * Returns the session that the current request is made in; null if there is none. A page and its layout share
 * one look-up. An action, which may renew the session, looks for itself.
 */
export const currentSession = cache(async () => sessionOf(await deskRequest("GET")));

/** Rebuilds the current request from its address and headers; without a body. */
export async function deskRequest(method: "GET" | "POST"): Promise<Request> {
  const url = new URL(await deskPath(), settings().siteUrl);
  const received = new Headers(await headers());
  // An action may have renewed the session's cookie in this very request.
  received.set("cookie", (await cookies()).toString());
  return new Request(url, { method, headers: received });
}

/** Returns the part of an authorisation that pages and actions use. */
export function visitOf({ actor, access, may, proved, sessionId, timeZone }: Authorised): Visit {
  return { actor, access, may, sessionId, reader: { actor, proved }, timeZone };
}

/** Returns the campaign that the current page belongs to; null if there is no such campaign. */
export async function campaignInPath(): Promise<DeskCampaign | null> {
  return deskCampaign(await slugInPath());
}

/** Returns the slug in the current page's address, whether or not there is such a campaign. */
export async function slugInPath(): Promise<string> {
  return /^\/admin\/([^/?]+)/.exec(await deskPath())?.[1] ?? "";
}

/** Returns the address of the current page, with its query. */
export async function deskPath(): Promise<string> {
  return (await headers()).get(DESK_PATH_HEADER) ?? "/admin";
}

/** Sets the cookie with the session's new token. */
export async function renewSession(sessionToken: string): Promise<void> {
  (await cookies()).set(await sessionCookieOf(sessionToken));
}

/** Signs the browser out of a session in which codes were guessed. */
export async function endSession(): Promise<never> {
  (await cookies()).set(endedSessionCookie());
  redirect("/admin/sign-in?ended=codes");
}

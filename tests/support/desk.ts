import { encode } from "next-auth/jwt";
import { onTestFinished, vi } from "vitest";
import { addAccount } from "@/lib/accounts/accounts";
import { type EnrolmentForm, enrol, openEnrolment } from "@/lib/accounts/enrolment";
import { beginSession, cookieName, SECOND_FACTOR_MINUTES } from "@/lib/accounts/sessions";
import { proveAgain, signIn } from "@/lib/accounts/sign-in";
import { database } from "@/lib/db/client";
import { hashToken } from "@/lib/db/keyed-hash";
import { authorise } from "@/lib/desk";
import { CLIENT_ADDRESS_HEADER } from "@/lib/http/request";
import type { Permission, Role } from "@/lib/roles";
import { settings } from "@/lib/settings";
import { freshCode } from "./codes";

export const PASSWORD = "four words of no kind";
export const CLIENT = "192.0.2.1";
export const OTHER_NETWORK = "198.51.100.1";
const STEP_MILLISECONDS = 30_000;

export type Enrolled = { id: string; email: string; role: Role; secret: string; recoveryCodes: string[] };

/** What a link to set an authenticator offers, and what it takes. */
export async function offered(link: string) {
  const token = link.split("/").at(-1) ?? "";
  const offer = await openEnrolment(token);
  if (!offer || offer.kind === "password") throw new Error("the link does not open");
  return { ...offer, token };
}

export const followed = (form: Partial<EnrolmentForm>) =>
  enrol({ token: "", password: PASSWORD, sealedSecret: "", code: "", client: CLIENT, ...form });

export async function invited(email: string, role: Role): Promise<string> {
  const added = await addAccount(email, role);
  if (added.kind !== "invited") throw new Error("exists");
  return added.link;
}

/** Somebody who enrolled a while ago: no code of now has been used. */
export async function enrolled(role: Role): Promise<Enrolled> {
  const email = `${role}.${crypto.randomUUID()}@example.org`;
  const { token, secret, sealedSecret } = await offered(await invited(email, role));
  const outcome = await followed({ token, sealedSecret, code: await freshCode(secret) });
  if (outcome.kind !== "enrolled") throw new Error(outcome.kind);
  const { id } = await database().adminAccount.update({ where: { email }, data: { totpLastStep: null } });
  return { id, email, role, secret, recoveryCodes: outcome.recoveryCodes };
}

export const actorOf = ({ id, email, role }: Enrolled) =>
  ({ kind: "account", id, label: email, role }) as const;

export async function cookieFor(sessionToken: string): Promise<string> {
  const token = await encode({ token: { sub: sessionToken }, secret: settings().nextAuthSecret });
  return `${cookieName("session-token")}=${token}`;
}

export function asked(headers: Record<string, string>, method = "GET", path = "/admin"): Request {
  return new Request(`http://localhost${path}`, { method, headers });
}

/** The session's cookie that an answer gives a browser. */
export const renewedCookie = (answer: Response) => answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";

export async function statusOf(request: Request, needed: Permission = "read figures"): Promise<number> {
  const authorised = await authorise(request, needed, { campaign: null });
  return authorised.ok ? 200 : authorised.status;
}

export const attempt = (email: string, code: string, password = PASSWORD, client = CLIENT, cookies = "") =>
  signIn({ email, password, code, client, cookies });

export async function sessionOf(
  account: Enrolled,
  client = CLIENT,
): Promise<{ id: string; token: string; cookie: string }> {
  const token = await beginSession(account, "authenticator", { cookies: "", client });
  const { id } = await database().adminSession.findUniqueOrThrow({ where: { tokenHash: hashToken(token) } });
  return { id, token, cookie: await cookieFor(token) };
}

/** Stops the clock of authenticator and site for the rest of a test: no code ends while a password is hashed. */
export function stopClock(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
  onTestFinished(() => void vi.useRealTimers());
}

/** Sets a stopped clock to the next code. */
export function nextStep(): void {
  vi.setSystemTime(Date.now() + STEP_MILLISECONDS);
}

/** Gives so many wrong codes from a network: the cheapest failures there are, for no password is hashed. */
export async function failCodes(account: Enrolled, times: number, client: string): Promise<void> {
  const { cookie } = await sessionOf(account);
  for (let failures = 0; failures < times; failures++)
    await proveAgain(asked({ cookie, [CLIENT_ADDRESS_HEADER]: client }), "000000");
}

/** A session of somebody whose last code is as old as one may be, and a second. */
export async function quietSessionOf(account: Enrolled): ReturnType<typeof sessionOf> {
  const session = await sessionOf(account);
  await database().$executeRaw`
    UPDATE admin_session SET second_factor_at = now() - make_interval(mins => ${SECOND_FACTOR_MINUTES}::int, secs => 1)
    WHERE id = ${session.id}::uuid`;
  return session;
}

/** A form of the desk as its own page posts it. */
export function posted(path: string, cookie: string, fields: Record<string, string>): Request {
  return new Request(`http://localhost${path}`, {
    method: "POST",
    headers: {
      cookie,
      "content-type": "application/x-www-form-urlencoded",
      "sec-fetch-site": "same-origin",
    },
    body: new URLSearchParams(fields),
  });
}

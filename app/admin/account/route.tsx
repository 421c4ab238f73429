import { z } from "zod";
import {
  adminForm,
  adminPage,
  forRole,
  notice,
  organisation,
  proofOf,
  renewed,
  signedInAs,
} from "@/app/_admin/page";
import { AccountPage } from "@/components/admin/AccountPage";
import type { Pending } from "@/components/admin/CodeForm";
import { type FieldMistake, passwordSentence } from "@/components/admin/CredentialField";
import type { Actor } from "@/lib/admin";
import { changePassword } from "@/lib/admin/own-account";
import { PASSWORD_MIN_CHARACTERS } from "@/lib/admin/passwords";
import { endOwnSessions, listSessions, sessionOf } from "@/lib/admin/sessions";
import { seeOther } from "@/lib/http/answers";

const PAGE = "/admin/account";
const DONE: Record<string, string> = {
  password: "Your new password holds. All your other sessions have ended.",
  sessions: "Ended.",
};
/** When the queue for passwords is sure to have moved on, in seconds. */
const BUSY_RETRY_SECONDS = 5;
const REFUSED =
  "Your present password or the code was not taken. A code is good once, and only while the app shows it: take the next one. After many failures wait longer.";
const BUSY =
  "We could not check that just now. Nothing was wrong with what you typed: please try again in a moment.";

type Shown = { done: string | null; mistakes: FieldMistake[]; pending: Pending | null };
const NOTHING: Shown = { done: null, mistakes: [], pending: null };

/** One's own password and sessions. */
export function GET(request: Request): Promise<Response> {
  const done = DONE[new URL(request.url).searchParams.get("done") ?? ""] ?? null;
  return forRole(request, "viewer", (actor) => accountPage(request, actor, { ...NOTHING, done }));
}

/** Changes the password against the present one and a code; ends one's own sessions, after a code where the last is too old. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "viewer", async (actor, proved) => {
    const form = await adminForm(request);
    if (form === null) return notice(actor, "We could not read that form", "Please try again.", 400);
    return form.action === "password"
      ? newPassword(request, actor, form)
      : endSessions(request, actor, proved, form);
  });
}

async function newPassword(
  request: Request,
  actor: Actor,
  { present = "", password = "", code = "" }: Record<string, string>,
): Promise<Response> {
  const change = await changePassword(request, { present, password, code });
  const refused = (field: string, text: string, status: number, headers = {}) =>
    accountPage(request, actor, { ...NOTHING, mistakes: [{ field, text }] }, status, headers);
  switch (change.kind) {
    case "changed":
      return seeOther(`${PAGE}?done=password`, (await renewed(change.sessionId)).headers);
    case "invalid":
      return refused("password", passwordSentence(change.password, PASSWORD_MIN_CHARACTERS), 422);
    case "refused":
      return refused("present", REFUSED, 422);
    case "busy":
      return refused("present", BUSY, 503, { "retry-after": String(BUSY_RETRY_SECONDS) });
  }
}

async function endSessions(
  request: Request,
  actor: Actor,
  proved: boolean,
  { code = "", ...fields }: Record<string, string>,
): Promise<Response> {
  const { action, session = "" } = fields;
  const isOne = action === "end-session" && z.uuid().safeParse(session).success;
  if (!isOne && action !== "end-others")
    return notice(actor, "That is nothing this page can do", "Please go back and try again.", 422);
  const proof = await proofOf(request, proved, code);
  if (proof === null)
    return accountPage(request, actor, { ...NOTHING, pending: { fields, refused: code !== "" } }, 422);
  const own = proof.sessionId ?? (await sessionOf(request))?.sessionId ?? "";
  await endOwnSessions(isOne ? { one: session } : { allBut: own }, actor);
  return seeOther(`${PAGE}?done=sessions`, proof.headers);
}

async function accountPage(
  request: Request,
  actor: Actor,
  shown: Shown,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  const [session, sessions] = await Promise.all([sessionOf(request), listSessions(actor.id)]);
  return adminPage(
    <AccountPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      minimumCharacters={PASSWORD_MIN_CHARACTERS}
      sessions={sessions.map((one) => ({ ...one, isThis: one.id === session?.sessionId }))}
      {...shown}
    />,
    status,
    headers,
  );
}

import { z } from "zod";
import {
  forAction,
  forForm,
  type Posted,
  sessionEnded,
  type Visit,
  withSession,
} from "@/app/admin/_desk/action";
import { adminPage, organisation, signedInAs } from "@/app/admin/_desk/page";
import { AccountPage } from "@/components/admin/AccountPage";
import { CLOCK_IS_OFF } from "@/components/admin/AskPage";
import { type FieldMistake, passwordSentence } from "@/components/admin/CredentialField";
import { changePassword, endOwnSessions, listSessions, PASSWORD_MIN_CHARACTERS } from "@/lib/accounts";
import { redirect } from "@/lib/http/answers";

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

type Shown = { done: string | null; mistakes: FieldMistake[] };

/** One's own password and sessions. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "account.view", (visit) => {
    const done = DONE[visit.query.get("done") ?? ""] ?? null;
    return accountPage(visit, { done, mistakes: [] });
  });
}

/** Changes the password against the present one and a code; ends one's own sessions. */
export function POST(request: Request): Promise<Response> {
  return forForm(request, {
    "account.password": (posted) => newPassword(request, posted),
    "account.end-session": async ({ actor, form: { session = "" } }) => {
      if (z.uuid().safeParse(session).success) await endOwnSessions({ one: session }, actor);
      return redirect(`${PAGE}?done=sessions`);
    },
    "account.end-others": async ({ actor, sessionId }) => {
      if (sessionId !== null) await endOwnSessions({ allBut: sessionId }, actor);
      return redirect(`${PAGE}?done=sessions`);
    },
  });
}

async function newPassword(request: Request, posted: Posted): Promise<Response> {
  const { present = "", password = "", code = "" } = posted.form;
  const change = await changePassword(request, { present, password, code });
  const refused = (field: string, text: string, status: number, headers = {}) =>
    accountPage(posted, { done: null, mistakes: [{ field, text }] }, status, headers);
  switch (change.kind) {
    case "changed":
      return withSession(redirect(`${PAGE}?done=password`), change.sessionToken);
    case "invalid":
      return refused("password", passwordSentence(change.password, PASSWORD_MIN_CHARACTERS), 422);
    case "refused":
      return change.clockOff ? refused("code", CLOCK_IS_OFF, 422) : refused("present", REFUSED, 422);
    case "ended":
      return sessionEnded();
    case "busy":
      return refused("present", BUSY, 503, { "retry-after": String(BUSY_RETRY_SECONDS) });
  }
}

async function accountPage(
  { actor, sessionId }: Visit,
  shown: Shown,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
  const sessions = await listSessions(actor.id);
  return adminPage(
    <AccountPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      minimumCharacters={PASSWORD_MIN_CHARACTERS}
      sessions={sessions.map((one) => ({ ...one, isThis: one.id === sessionId }))}
      {...shown}
    />,
    status,
    headers,
  );
}

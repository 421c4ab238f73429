import { z } from "zod";
import { forAction, forForm, type Posted } from "@/app/admin/_desk/action";
import { adminPage, organisation, signedInAs } from "@/app/admin/_desk/document";
import { AccessPage } from "@/components/admin/AccessPage";
import {
  addAccount,
  addToken,
  endSession,
  listAccounts,
  listSessions,
  listTokens,
  removeAccount,
  resetAccount,
  revokeToken,
  TOKEN_MAX_DAYS,
  TOKEN_NAME_FORM,
} from "@/lib/accounts";
import { type Actor, isRole } from "@/lib/audit";

/** The result of a form: a secret that is shown once, or an error. */
type Shown = { secret: { what: string; text: string } | null; mistake: string | null };

const NOTHING: Shown = { secret: null, mistake: null };
const mistake = (text: string): Shown => ({ ...NOTHING, mistake: text });
const secret = (what: string, text: string): Shown => ({ ...NOTHING, secret: { what, text } });
const LAST_OWNER =
  "This is the last owner: invite another first, or use npm run admin on the machine the site runs on.";

/** Serves the page of accounts, sessions and tokens. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "access.view", ({ actor }) => accessPage(actor, NOTHING));
}

/** Invites, resets or removes an account, ends a session, or makes or revokes a token. */
export function POST(request: Request): Promise<Response> {
  const shown = (act: (posted: Posted) => Promise<Shown>) => async (posted: Posted) => {
    const outcome = await act(posted);
    return accessPage(posted.actor, outcome, outcome.mistake === null ? 200 : 422);
  };
  return forForm(request, {
    "access.add": shown(invite),
    "access.reset": shown(reset),
    "access.remove": { howMany: async () => 1, act: shown(remove) },
    "access.end-session": shown(async ({ actor, form: { session = "" } }) => {
      if (!z.uuid().safeParse(session).success) return mistake("There is no such session.");
      await endSession(session, actor);
      return NOTHING;
    }),
    "access.add-token": shown(makeToken),
    "access.revoke-token": shown(async ({ actor, form: { token = "" } }) => {
      const { kind } = await revokeToken(token, actor);
      return kind === "unknown" ? mistake("No valid token has this name.") : NOTHING;
    }),
  });
}

async function invite({ actor, form: { email = "", role = "" } }: Posted): Promise<Shown> {
  if (!z.email().safeParse(email).success)
    return mistake("Email address: write it in full, like name@example.org.");
  if (!isRole(role)) return mistake("Role: choose one from the list.");
  const added = await addAccount(email, role, actor);
  return added.kind === "exists"
    ? mistake(`${email} is an administrator already.`)
    : secret(`The link for ${email}, good for 24 hours`, added.link);
}

async function reset({ actor, form: { email = "", lost } }: Posted): Promise<Shown> {
  if (lost !== "password" && lost !== "authenticator") return mistake("That is nothing this page can do.");
  const outcome = await resetAccount(email, lost, actor);
  if (outcome.kind === "last-owner") return mistake(LAST_OWNER);
  return outcome.kind === "unknown"
    ? mistake("Nobody has this address.")
    : secret(`The new link for ${email} (${lost} lost), good for 24 hours`, outcome.link);
}

async function remove({ actor, form: { email = "" } }: Posted): Promise<Shown> {
  if (email.trim().toLowerCase() === actor.label)
    return mistake("You cannot remove yourself: another owner has to.");
  const removed = await removeAccount(email, actor);
  if (removed.kind === "last-owner") return mistake(LAST_OWNER);
  return removed.kind === "unknown" ? mistake("Nobody has this address.") : NOTHING;
}

async function makeToken({ actor, form: { token = "", role = "", days = "" } }: Posted): Promise<Shown> {
  const lasting = Number(days);
  if (!TOKEN_NAME_FORM.test(token)) return mistake("Name: use 1 to 64 letters, digits, dots or dashes.");
  if (!isRole(role)) return mistake("Role: choose one from the list.");
  if (!Number.isInteger(lasting) || lasting < 1 || lasting > TOKEN_MAX_DAYS)
    return mistake(`Days: a whole number from 1 to ${TOKEN_MAX_DAYS}.`);
  const made = await addToken(token, role, lasting, actor);
  return made.kind === "exists"
    ? mistake(`A token named ${token} was made before: choose another name.`)
    : secret(`The token ${token}`, made.token);
}

async function accessPage(actor: Actor, shown: Shown, status = 200): Promise<Response> {
  const [accounts, sessions, tokens] = await Promise.all([listAccounts(), listSessions(), listTokens()]);
  return adminPage(
    <AccessPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      accounts={accounts}
      sessions={sessions}
      tokens={tokens}
      {...shown}
    />,
    status,
  );
}

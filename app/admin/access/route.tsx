import { z } from "zod";
import { adminForm, adminPage, forRole, notice, organisation, proofOf, signedInAs } from "@/app/_admin/page";
import { AccessPage } from "@/components/admin/AccessPage";
import type { Pending } from "@/components/admin/CodeForm";
import { type Actor, isRole } from "@/lib/admin";
import { addAccount, listAccounts, removeAccount, resetAccount } from "@/lib/admin/accounts";
import { endSession, listSessions } from "@/lib/admin/sessions";
import { addToken, listTokens, revokeToken, TOKEN_MAX_DAYS, TOKEN_NAME_FORM } from "@/lib/admin/tokens";

type Shown = {
  secret: { what: string; text: string } | null;
  mistake: string | null;
  pending: Pending | null;
};

const NOTHING: Shown = { secret: null, mistake: null, pending: null };
const LAST_OWNER =
  "This is the last owner: invite another first, or use npm run admin on the machine the site runs on.";
/** What lets somebody in, or shuts them out. Ending sessions and tokens must be quick, and lets nobody in. */
const NEEDING_A_CODE = new Set(["add", "reset", "remove", "add-token"]);

/** People, sessions and tokens. */
export function GET(request: Request): Promise<Response> {
  return forRole(request, "owner", (actor) => accessPage(actor, NOTHING));
}

/** Invites, resets, removes; ends a session; makes or revokes a token. Asks for a code first where the last is too old. */
export function POST(request: Request): Promise<Response> {
  return forRole(request, "owner", async (actor, proved) => {
    const form = await adminForm(request);
    if (form === null) return notice(actor, "We could not read that form", "Please try again.", 400);
    const { code = "", ...fields } = form;
    const proof = await proofOf(request, proved || !NEEDING_A_CODE.has(form.action ?? ""), code);
    if (proof === null)
      return accessPage(actor, { ...NOTHING, pending: { fields, refused: code !== "" } }, 422);
    const shown = await act(actor, fields);
    return accessPage(actor, shown, shown.mistake === null ? 200 : 422, proof.headers);
  });
}

async function act(actor: Actor, form: Record<string, string>): Promise<Shown> {
  const { action, email = "", role = "", lost = "", session = "", token = "", days = "" } = form;
  const mistake = (text: string): Shown => ({ ...NOTHING, mistake: text });
  const secret = (what: string, text: string): Shown => ({ ...NOTHING, secret: { what, text } });
  switch (action) {
    case "add": {
      if (!z.email().safeParse(email).success)
        return mistake("Email address: write it in full, like name@example.org.");
      if (!isRole(role)) return mistake("Role: choose one from the list.");
      const added = await addAccount(email, role, actor);
      return added.kind === "exists"
        ? mistake(`${email} is an administrator already.`)
        : secret(`The link for ${email}, good for 24 hours`, added.link);
    }
    case "reset": {
      if (lost !== "password" && lost !== "authenticator")
        return mistake("That is nothing this page can do.");
      const reset = await resetAccount(email, lost, actor);
      if (reset.kind === "last-owner") return mistake(LAST_OWNER);
      return reset.kind === "unknown"
        ? mistake("Nobody has this address.")
        : secret(`The new link for ${email} (${lost} lost), good for 24 hours`, reset.link);
    }
    case "remove": {
      if (email.trim().toLowerCase() === actor.label)
        return mistake("You cannot remove yourself: another owner has to.");
      const removed = await removeAccount(email, actor);
      if (removed.kind === "last-owner") return mistake(LAST_OWNER);
      return removed.kind === "unknown" ? mistake("Nobody has this address.") : NOTHING;
    }
    case "end-session":
      if (!z.uuid().safeParse(session).success) return mistake("There is no such session.");
      await endSession(session, actor);
      return NOTHING;
    case "add-token": {
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
    case "revoke-token":
      return (await revokeToken(token, actor)).kind === "unknown"
        ? mistake("No valid token has this name.")
        : NOTHING;
    default:
      return mistake("That is nothing this page can do.");
  }
}

async function accessPage(
  actor: Actor,
  shown: Shown,
  status = 200,
  headers: Record<string, string> = {},
): Promise<Response> {
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
    headers,
  );
}

"use server";

import { z } from "zod";
import { deskAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid } from "@/app/admin/_desk/outcome";
import {
  addAccount,
  addToken,
  endSession,
  removeAccount,
  resetAccount,
  revokeToken,
  TOKEN_MAX_DAYS,
  TOKEN_NAME_FORM,
} from "@/lib/accounts";
import { type Actor, ROLES } from "@/lib/audit";

const role = z.enum(ROLES, "Role: choose one from the list.");
const person = { email: z.string("Nobody was chosen. Reload the page and try again.") };

const LINK_HOURS = "The link works once, within 24 hours.";
const lastOwner = () =>
  failed(
    "This is the last owner",
    "Invite another owner first, or use npm run admin on the machine that the site runs on.",
  );
const isOwn = (actor: Actor, email: string) => email.trim().toLowerCase() === actor.label;
const unknown = () => failed("Nobody has this address", "They may have been removed already.");

/** Invites somebody. The link to set up their access is shown once. */
export const invite = deskAction(
  "access.add",
  z.object({
    email: z.string().trim().pipe(z.email("Email address: write it in full, like name@example.org.")),
    role,
  }),
  async ({ actor, form: { email, role: given } }) => {
    const added = await addAccount(email, given, actor);
    if (added.kind === "exists") return invalid("email", `Email address: ${email} is in the team already.`);
    return done(`${email} has been added. Send them the link. ${LINK_HOURS}`, {
      what: `The link for ${email}`,
      text: added.link,
    });
  },
);

/** Makes a new link for somebody who has lost their password or their authenticator, or has not used the first. */
export const resetCredential = deskAction(
  "access.reset",
  z.object({
    ...person,
    lost: z.enum(["password", "authenticator"], "Choose whether the password or the authenticator was lost."),
  }),
  async ({ actor, form: { email, lost } }) => {
    // It would end the sender's session, and with it the only page that shows the link.
    if (isOwn(actor, email))
      return failed(
        "You cannot reset your own access",
        "Change your password under “Your account”, or ask another owner for a link.",
      );
    const reset = await resetAccount(email, lost, actor);
    if (reset.kind === "last-owner") return lastOwner();
    if (reset.kind === "unknown") return unknown();
    return done(`All sessions of ${email} have ended. Send them the link. ${LINK_HOURS}`, {
      what: `The new link for ${email}`,
      text: reset.link,
    });
  },
);

/** Removes somebody from the team. */
export const remove = deskAction(
  "access.remove",
  z.object(person),
  async ({ actor, form: { email } }) => {
    if (isOwn(actor, email)) return failed("You cannot remove yourself", "Ask another owner to do it.");
    const removed = await removeAccount(email, actor);
    if (removed.kind === "last-owner") return lastOwner();
    return removed.kind === "unknown" ? unknown() : done(`${email} has been removed.`);
  },
  { howMany: async () => 1 },
);

/** The form with a button for each thing that can be done with a person's access. */
export const resetOrRemove = oneOf({ reset: resetCredential, remove });

/** Ends somebody's session at once. */
export const endTeamSession = deskAction(
  "access.end-session",
  z.object({ session: z.uuid("There is no such session. It may have ended already.") }),
  async ({ actor, form }) => {
    await endSession(form.session, actor);
    return done("The session has ended.");
  },
);

const DAYS = `Days: write a whole number from 1 to ${TOKEN_MAX_DAYS}.`;

/** Makes an API token, which is shown once. */
export const makeToken = deskAction(
  "access.add-token",
  z.object({
    token: z
      .string()
      .regex(
        TOKEN_NAME_FORM,
        "Name: begin with a letter or a digit, and use at most 64 letters, digits, spaces, dots, dashes and underscores.",
      ),
    role,
    days: z
      .string(DAYS)
      .transform(Number)
      .refine((days) => Number.isInteger(days) && days >= 1 && days <= TOKEN_MAX_DAYS, DAYS),
  }),
  async ({ actor, form: { token, role: given, days } }) => {
    const made = await addToken(token, given, days, actor);
    if (made.kind === "exists")
      return invalid("token", `Name: there is or was a token named ${token}. Choose another name.`);
    return done(`The token ${token} has been made. Copy it now.`, {
      what: `The API token ${token}`,
      text: made.token,
    });
  },
);

/** Revokes an API token at once. */
export const revokeApiToken = deskAction(
  "access.revoke-token",
  z.object({ token: z.string("No token was chosen. Reload the page and try again.") }),
  async ({ actor, form: { token } }) => {
    const revoked = await revokeToken(token, actor);
    return revoked.kind === "unknown"
      ? failed("No valid token has this name", "It may have been revoked already.")
      : done(`The token ${token} has been revoked.`);
  },
);

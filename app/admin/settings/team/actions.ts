"use server";

import { z } from "zod";
import { deskAction, oneOf } from "@/app/admin/_desk/desk-action";
import { done, failed, invalid } from "@/app/admin/_desk/outcome";
import {
  addAccount,
  addCampaignAccount,
  addToken,
  endSession,
  giveCampaignRole,
  removeAccount,
  resetAccount,
  revokeToken,
  TOKEN_MAX_DAYS,
  TOKEN_NAME_FORM,
  takeCampaignRole,
} from "@/lib/accounts";
import type { Actor } from "@/lib/audit";
import { headlineOf } from "@/lib/campaigns";
import { CAMPAIGN_ROLES, type CampaignRole, ROLES, TOKEN_ROLES } from "@/lib/roles";

const CHOOSE_ROLE = "Role: choose one from the list.";
const CHOOSE_CAMPAIGN = "Campaign: choose one from the list.";
const person = { email: z.string("Nobody was chosen. Reload the page and try again.") };

const LINK_HOURS = "The link works once, within 24 hours.";
const lastOwner = () =>
  failed(
    "This is the last owner",
    "Invite another owner first, or use npm run admin on the machine that the site runs on.",
  );
const isOwn = (actor: Actor, email: string) => email.trim().toLowerCase() === actor.label;
const isCampaignRole = (role: string): role is CampaignRole =>
  (CAMPAIGN_ROLES as readonly string[]).includes(role);
const unknown = () => failed("Nobody has this address", "They may have been removed already.");

/** Invites somebody, for all campaigns or for one. The link to set up their access is shown once. */
export const invite = deskAction(
  "access.add",
  z.object({
    email: z.string().trim().pipe(z.email("Email address: write it in full, like name@example.org.")),
    role: z.enum(ROLES, CHOOSE_ROLE),
    campaign: z.string().default(""),
  }),
  async ({ actor, form: { email, role, campaign } }) => {
    if (campaign !== "" && !isCampaignRole(role))
      return invalid("role", "Role: choose what they may do in the campaign. A member may do nothing there.");
    const added =
      campaign !== "" && isCampaignRole(role)
        ? await addCampaignAccount(email, campaign, role, actor)
        : await addAccount(email, role, actor);
    if (added.kind === "unknown-campaign") return invalid("campaign", CHOOSE_CAMPAIGN);
    if (added.kind === "exists") return invalid("email", `Email address: ${email} is in the team already.`);
    return done(`${email} has been added. Send them the link. ${LINK_HOURS}`, {
      what: `The link for ${email}`,
      text: added.link,
    });
  },
);

/** Gives somebody a role in a campaign. */
export const giveRole = deskAction(
  "access.role",
  z.object({
    ...person,
    campaign: z.string(CHOOSE_CAMPAIGN),
    role: z.enum(CAMPAIGN_ROLES, CHOOSE_ROLE),
  }),
  async ({ actor, form: { email, campaign, role } }) => {
    const given = await giveCampaignRole(email, campaign, role, actor);
    switch (given.kind) {
      case "given":
        return done(`${email} has the role ${role} in this campaign now: ${headlineOf(campaign)}`);
      case "unknown":
        return unknown();
      case "unknown-campaign":
        return invalid("campaign", CHOOSE_CAMPAIGN);
    }
  },
  { howMany: async () => 1 },
);

/** Takes somebody's role in a campaign away. */
export const takeRole = deskAction(
  "access.remove-role",
  z.object({ ...person, campaign: z.string(CHOOSE_CAMPAIGN) }),
  async ({ actor, form: { email, campaign } }) => {
    const taken = await takeCampaignRole(email, campaign, actor);
    return taken.kind === "none"
      ? failed("They have no role in this campaign", "It may have been taken away already.")
      : done(`${email} has no role of their own in this campaign any more: ${headlineOf(campaign)}`);
  },
  { howMany: async () => 1 },
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
export const changePerson = oneOf({ reset: resetCredential, remove, "remove-role": takeRole });

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
    role: z.enum(TOKEN_ROLES, CHOOSE_ROLE),
    days: z
      .string(DAYS)
      .transform(Number)
      .refine((days) => Number.isInteger(days) && days >= 1 && days <= TOKEN_MAX_DAYS, DAYS),
  }),
  async ({ actor, form: { token, role, days } }) => {
    const made = await addToken(token, role, days, actor);
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

import { z } from "zod";
import {
  addAccount,
  addCampaignAccount,
  addToken,
  giveCampaignRole,
  listAccounts,
  listTokens,
  removeAccount,
  resetAccount,
  revokeToken,
  TOKEN_MAX_DAYS,
  TOKEN_NAME_FORM,
} from "@/lib/accounts";
import { closeDatabase } from "@/lib/db/client";
import { mailStop, mailsOwed, resumeMail, stopMail } from "@/lib/mail";
import { noteHandOver, RETENTION } from "@/lib/privacy";
import { CAMPAIGN_ROLES, ROLES, TOKEN_ROLES } from "@/lib/roles";
import { bringUpToDate, OperatorError, withDatabase } from "@/scripts/support/environment";

const USAGE = `npm run admin -- add EMAIL --role ${ROLES.join("|")}
                                               invites an administrator: prints a link, good for 24 hours
npm run admin -- add EMAIL --role ${CAMPAIGN_ROLES.join("|")} --campaign SLUG
                                               invites somebody for one campaign, or gives who is there a role in it
npm run admin -- list                          who may sign in
npm run admin -- reset EMAIL                   a link for who lost the password: sets a new one, asks for a code
npm run admin -- reset EMAIL --authenticator   a link for who lost the device: asks for the password, sets a new authenticator
npm run admin -- remove EMAIL                  shuts somebody out at once
npm run -s admin -- token add NAME --role ${TOKEN_ROLES.join("|")} --days DAYS   prints an API token, this once
npm run admin -- token list
npm run admin -- token revoke NAME
npm run admin -- mail status|stop|resume       whether mail goes out; a restored copy sends none before resume
npm run admin -- handed-over SLUG              the closed petition was handed over: its signatures go in a month`;

const DEFAULT_TOKEN_DAYS = 30;

/** Removes an option such as `--role` from the arguments and returns its value. */
function takeOption(args: string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? undefined : args.splice(at, 2)[1];
}

/** Removes a flag such as `--authenticator` from the arguments and returns whether it was there. */
function takeFlag(args: string[], name: string): boolean {
  const at = args.indexOf(`--${name}`);
  return at >= 0 && args.splice(at, 1).length > 0;
}

function roleIn<Role extends string>(args: string[], roles: readonly Role[]): Role {
  const text = takeOption(args, "role");
  const role = roles.find((known) => known === text);
  if (role === undefined)
    throw new OperatorError(`--role is ${JSON.stringify(text ?? "")}: it must be one of ${roles.join(", ")}`);
  return role;
}

function emailIn(text: string | undefined): string {
  // The machine's own account, made at the first start, has a domain without a dot.
  const form = z.union([z.email(), z.string().regex(/^[\w.+-]+@localhost$/)]);
  if (!form.safeParse(text).success)
    throw new OperatorError(
      `EMAIL is ${JSON.stringify(text ?? "")}: it must be an address, for example laila@campaign.org`,
    );
  return text ?? "";
}

function tokenNameIn(text: string | undefined): string {
  if (!TOKEN_NAME_FORM.test(text ?? ""))
    throw new OperatorError(
      `NAME is ${JSON.stringify(text ?? "")}: it must have 1 to 64 letters, digits, dots or dashes, for example nightly-export`,
    );
  return text ?? "";
}

function daysIn(args: string[]): number {
  const text = takeOption(args, "days") ?? String(DEFAULT_TOKEN_DAYS);
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > TOKEN_MAX_DAYS)
    throw new OperatorError(
      `--days is ${JSON.stringify(text)}: it must be a whole number from 1 to ${TOKEN_MAX_DAYS}`,
    );
  return days;
}

function table(rows: string[][]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}

const day = (date: Date | null) => date?.toISOString().slice(0, 16).replace("T", " ") ?? "never";

async function tokenCommand(action: string | undefined, args: string[]): Promise<void> {
  switch (action) {
    case "add": {
      const role = roleIn(args, TOKEN_ROLES);
      const days = daysIn(args);
      const name = tokenNameIn(args[0]);
      const made = await addToken(name, role, days);
      if (made.kind === "exists")
        throw new OperatorError(`A token named ${name} was made before: choose another name`);
      console.log(made.token);
      return;
    }
    case "list":
      return table([
        ["name", "role", "expires", "last used", "state"],
        ...(await listTokens()).map((token) => [
          token.name,
          token.role,
          day(token.expiresAt),
          day(token.lastUsedAt),
          token.revokedAt ? "revoked" : token.expiresAt < new Date() ? "expired" : "valid",
        ]),
      ]);
    case "revoke": {
      const name = tokenNameIn(args[0]);
      if ((await revokeToken(name)).kind === "unknown")
        throw new OperatorError(`No valid token is named ${name}`);
      console.log(`${name} is revoked.`);
      return;
    }
    default:
      throw new OperatorError(USAGE);
  }
}

async function mailCommand(action: string | undefined): Promise<void> {
  switch (action) {
    case "status": {
      const stop = await mailStop();
      const owed = `${await mailsOwed()} to be sent`;
      console.log(
        stop === null
          ? `Mail goes out: ${owed}.`
          : `Mail is stopped since ${day(stop.since)} UTC by ${stop.by === "restore" ? "a restore" : "an operator"}: ${owed}.`,
      );
      return;
    }
    case "stop":
      console.log(
        (await stopMail(null)).changed
          ? "Mail is stopped. It is kept, and goes out after: npm run admin -- mail resume"
          : "Mail was stopped before.",
      );
      return;
    case "resume": {
      const { changed, owed } = await resumeMail(null);
      console.log(changed ? `Mail goes out again: ${owed} to be sent.` : "Mail was not stopped.");
      return;
    }
    default:
      throw new OperatorError(USAGE);
  }
}

/** Invites somebody for one campaign. If they are an administrator already, gives them the role there. */
async function addToCampaign(slug: string, args: string[]): Promise<void> {
  const role = roleIn(args, CAMPAIGN_ROLES);
  const email = emailIn(args[0]);
  const added = await addCampaignAccount(email, slug, role);
  if (added.kind === "invited") return console.log(added.link);
  if (added.kind === "unknown-campaign" || (await giveCampaignRole(email, slug, role)).kind !== "given")
    throw new OperatorError(`No campaign is named ${JSON.stringify(slug)}`);
  console.log(`${email} has the role ${role} in ${slug} now.`);
}

async function run([command, ...args]: string[]): Promise<void> {
  switch (command) {
    case "add": {
      const campaign = takeOption(args, "campaign");
      if (campaign !== undefined) return addToCampaign(campaign, args);
      const role = roleIn(args, ROLES);
      const email = emailIn(args[0]);
      const added = await addAccount(email, role);
      if (added.kind === "exists")
        throw new OperatorError(
          `${email} is an administrator already: use reset for a new link, or remove first`,
        );
      console.log(added.link);
      return;
    }
    case "list":
      return table([
        ["address", "role", "in one campaign", "enrolled", "last seen"],
        ...(await listAccounts()).map((account) => [
          account.email,
          account.role,
          account.campaignRoles.map(({ slug, role }) => `${role} in ${slug}`).join(", "),
          account.enrolled ? "yes" : "not yet",
          day(account.lastSeenAt),
        ]),
      ]);
    case "reset": {
      const lost = takeFlag(args, "authenticator") ? "authenticator" : "password";
      const email = emailIn(args[0]);
      const reset = await resetAccount(email, lost);
      if (reset.kind !== "reset") throw new OperatorError(`No administrator has the address ${email}`);
      console.log(reset.link);
      return;
    }
    case "remove": {
      const email = emailIn(args[0]);
      const removed = await removeAccount(email);
      if (removed.kind !== "removed") throw new OperatorError(`No administrator has the address ${email}`);
      console.log(`${email} is removed.`);
      for (const token of removed.tokens) console.log(`The API token ${token} is revoked: they made it.`);
      return;
    }
    case "token":
      return tokenCommand(args[0], args.slice(1));
    case "mail":
      return mailCommand(args[0]);
    case "handed-over": {
      const slug = args[0] ?? "";
      const noted = await noteHandOver(slug);
      if (noted.kind === "unknown-campaign")
        throw new OperatorError(`No campaign is named ${JSON.stringify(slug)}`);
      if (noted.kind === "not-closed")
        throw new OperatorError(
          `${slug} is open: close it first, it cannot be handed over while people sign`,
        );
      console.log(
        `${slug} was handed over on ${day(noted.at)}: its signatures are destroyed ${RETENTION.handedOverMonths} month later.`,
      );
      return;
    }
    default:
      throw new OperatorError(USAGE);
  }
}

await withDatabase(async (databaseUrl) => {
  await bringUpToDate(databaseUrl);
  try {
    await run(process.argv.slice(2));
  } finally {
    await closeDatabase();
  }
});
process.exit();

import type { ReactNode } from "react";
import type { FormAction } from "@/components/admin/form-state";
import { DeskForm } from "@/components/admin/kit/DeskForm";
import { Choice, Submit, TextField } from "@/components/admin/kit/fields";
import { Moment } from "@/components/admin/kit/Moment";
import { RowForm, RowForms } from "@/components/admin/kit/RowForms";
import { TimesShown } from "@/components/admin/TimesShown";
import { Wide } from "@/components/admin/Wide";
import { CAMPAIGN_ROLES, meaningOf, ROLES, type Role, TOKEN_ROLES } from "@/lib/roles";

type Campaign = { slug: string; headline: string };
type Person = {
  email: string;
  role: string;
  campaignRoles: readonly { slug: string; role: string }[];
  enrolled: boolean;
  lastSeenAt: Date | null;
};
type Session = { id: string; email: string; createdAt: Date; lastSeenAt: Date };
type Token = {
  name: string;
  role: string;
  /** Null if made on the machine itself. */
  maker: string | null;
  expiresAt: Date;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
};

type TeamProps = {
  accounts: readonly Person[];
  sessions: readonly Session[];
  tokens: readonly Token[];
  campaigns: readonly Campaign[];
  tokenMaxDays: number;
  actions: Record<
    "invite" | "giveRole" | "changePerson" | "endSession" | "makeToken" | "revokeToken",
    FormAction
  >;
};

const TOKEN_USUAL_DAYS = "30";

/** The people who may use the desk, their sessions, and API tokens; for owners. */
export function Team({ accounts, sessions, tokens, campaigns, tokenMaxDays, actions }: TeamProps) {
  return (
    <>
      <h1>Team</h1>
      <TimesShown />
      <h2>People</h2>
      <RowForms name="person" action={actions.changePerson}>
        <People people={accounts} campaigns={campaigns} />
      </RowForms>
      <h3>Invite somebody</h3>
      <DeskForm name="invite" action={actions.invite} className="filters" label="Invite somebody">
        <TextField name="email" label="Email address" type="email" required />
        <RoleChoice roles={ROLES} />
        <Choice
          name="campaign"
          label="Campaign"
          options={[{ value: "", label: "all campaigns" }, ...campaigns.map(campaignOption)]}
        />
        <Submit>Invite</Submit>
      </DeskForm>
      {campaigns.length === 0 ? null : (
        <>
          <h3>Give somebody a role in one campaign</h3>
          <p>
            They may do there what this role allows, and everywhere what their own role allows. It takes the
            place of a role that they have there.
          </p>
          <DeskForm
            name="role"
            action={actions.giveRole}
            className="filters"
            label="Give somebody a role in one campaign"
          >
            <Choice
              name="email"
              label="Person"
              options={accounts.map(({ email }) => ({ value: email, label: email }))}
            />
            <Choice name="campaign" label="Campaign" options={campaigns.map(campaignOption)} />
            <RoleChoice roles={CAMPAIGN_ROLES} />
            <Submit>Give the role</Submit>
          </DeskForm>
        </>
      )}
      <h2>Open sessions</h2>
      <RowForms name="end-session" action={actions.endSession}>
        <Sessions sessions={sessions} />
      </RowForms>
      <h2>API tokens</h2>
      <p>With an API token, a script can read figures and fetch exports. It cannot change anything.</p>
      <RowForms name="revoke-token" action={actions.revokeToken}>
        {tokens.length === 0 ? null : <Tokens tokens={tokens} />}
      </RowForms>
      <h3>Make an API token</h3>
      <DeskForm name="token" action={actions.makeToken} className="filters" label="Make an API token">
        <TextField name="token" label="Name" type="text" required />
        <RoleChoice roles={TOKEN_ROLES} />
        <TextField
          name="days"
          label="Days"
          initial={TOKEN_USUAL_DAYS}
          type="number"
          min={1}
          max={tokenMaxDays}
          required
        />
        <Submit>Make a token</Submit>
      </DeskForm>
    </>
  );
}

const campaignOption = ({ slug, headline }: Campaign) => ({ value: slug, label: headline });

function People({ people, campaigns }: { people: readonly Person[]; campaigns: readonly Campaign[] }) {
  const headlines = new Map(campaigns.map(({ slug, headline }) => [slug, headline]));
  return (
    <>
      <Table label="People" head={["Address", "Role", "In one campaign", "Set up", "Last seen"]}>
        {people.map(({ email, role, campaignRoles, enrolled, lastSeenAt }) => (
          <tr key={email}>
            <th scope="row">{email}</th>
            <td>{role}</td>
            <td>
              {campaignRoles.map(({ slug, role: there }) => (
                <div key={slug}>
                  {there}: {headlines.get(slug) ?? slug}{" "}
                  <RowAction action="remove-role" fields={{ email, campaign: slug }} button="Take away" />
                </div>
              ))}
            </td>
            <td>{enrolled ? "yes" : "not yet"}</td>
            <td>
              <Moment at={lastSeenAt} otherwise="never" />
            </td>
            <td>
              <RowAction
                action="reset"
                fields={{ lost: "password", email }}
                button={enrolled ? "New password" : "New link"}
              />
              {enrolled ? (
                <RowAction
                  action="reset"
                  fields={{ lost: "authenticator", email }}
                  button="New authenticator"
                />
              ) : null}
              <RowAction action="remove" fields={{ email }} button="Remove" />
            </td>
          </tr>
        ))}
      </Table>
      <p className="hint">
        If someone has forgotten their password but has their authenticator, press “New password”. If they
        have lost the authenticator but know their password, press “New authenticator”. If they have lost
        both, remove them and invite them again.
      </p>
    </>
  );
}

function Sessions({ sessions }: { sessions: readonly Session[] }) {
  return (
    <Table label="Open sessions" head={["Address", "Since", "Last seen"]}>
      {sessions.map(({ id, email, createdAt, lastSeenAt }) => (
        <tr key={id}>
          <th scope="row">{email}</th>
          <td>
            <Moment at={createdAt} />
          </td>
          <td>
            <Moment at={lastSeenAt} />
          </td>
          <td>
            <RowAction fields={{ session: id }} button="End" />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Tokens({ tokens }: { tokens: readonly Token[] }) {
  return (
    <Table label="API tokens" head={["Name", "Role", "Made by", "Expires", "Last used"]}>
      {tokens.map(({ name, role, maker, expiresAt, revokedAt, lastUsedAt }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>{role}</td>
          <td>{maker ?? "the command line"}</td>
          <td>
            <Moment at={expiresAt} />
          </td>
          <td>
            <Moment at={lastUsedAt} otherwise="never" />
          </td>
          <td>{revokedAt === null ? <RowAction fields={{ token: name }} button="Revoke" /> : "revoked"}</td>
        </tr>
      ))}
    </Table>
  );
}

/** A table whose last column holds each row's buttons. */
function Table({ label, head, children }: { label: string; head: readonly string[]; children: ReactNode }) {
  return (
    <Wide label={label}>
      <table>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Wide>
  );
}

function RoleChoice({ roles }: { roles: readonly Role[] }) {
  return (
    <Choice
      name="role"
      label="Role"
      initial="viewer"
      options={roles.map((role) => ({ value: role, label: `${role}: ${meaningOf(role)}` }))}
    />
  );
}

type RowActionProps = {
  /** Which action is meant, if the rows have several. */
  action?: string;
  fields: Readonly<Record<string, string>>;
  button: string;
};

function RowAction({ action, fields, button }: RowActionProps) {
  return (
    <RowForm hidden={fields} className="inline">
      <Submit {...(action === undefined ? {} : { name: "action", value: action })} className="quiet">
        {button}
      </Submit>
    </RowForm>
  );
}

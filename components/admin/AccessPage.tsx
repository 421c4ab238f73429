import { AdminDocument, type SignedIn } from "@/components/admin/AdminDocument";
import { Wide } from "@/components/admin/Wide";

type AccessPageProps = {
  organisation: string;
  signedIn: SignedIn;
  accounts: { email: string; role: string; enrolled: boolean; lastSeenAt: Date | null }[];
  sessions: { id: string; email: string; createdAt: Date; lastSeenAt: Date }[];
  tokens: {
    name: string;
    role: string;
    /** Null if made on the machine itself. */
    maker: string | null;
    expiresAt: Date;
    revokedAt: Date | null;
    lastUsedAt: Date | null;
  }[];
  /** Shown once, after inviting somebody or making a token. */
  secret: { what: string; text: string } | null;
  mistake: string | null;
};

const moment = (at: Date | null) => (at === null ? "never" : at.toISOString().slice(0, 16).replace("T", " "));

/** Accounts, sessions and tokens; for owners. */
export function AccessPage(props: AccessPageProps) {
  const { organisation, signedIn, accounts, sessions, tokens, secret, mistake } = props;
  return (
    <AdminDocument organisation={organisation} title="Access" signedIn={signedIn} here="/admin/access">
      <h1>Access</h1>
      {mistake === null ? null : (
        <p className="alert" role="alert">
          {mistake}
        </p>
      )}
      {secret === null ? null : (
        <section className="alert" aria-labelledby="secret">
          <h2 id="secret">{secret.what}</h2>
          <p className="secret">{secret.text}</p>
          <p>It is shown only now.</p>
        </section>
      )}
      <h2>People</h2>
      <Table label="People" head={["Address", "Role", "Set up", "Last seen (UTC)", ""]}>
        {accounts.map(({ email, role, enrolled, lastSeenAt }) => (
          <tr key={email}>
            <th scope="row">{email}</th>
            <td>{role}</td>
            <td>{enrolled ? "yes" : "not yet"}</td>
            <td>{moment(lastSeenAt)}</td>
            <td>
              {enrolled ? (
                <>
                  <Action fields={{ action: "reset", lost: "password", email }} name="New password" />
                  <Action
                    fields={{ action: "reset", lost: "authenticator", email }}
                    name="New authenticator"
                  />
                </>
              ) : (
                <Action fields={{ action: "reset", lost: "password", email }} name="New link" />
              )}
              <Action fields={{ action: "remove", email }} name="Remove" />
            </td>
          </tr>
        ))}
      </Table>
      <p className="hint">
        “New password” is for who forgot it and still has the authenticator, “New authenticator” for who lost
        the device and still knows the password. Who has neither is removed and invited again.
      </p>
      <form method="post" className="filters">
        <input type="hidden" name="action" value="add" />
        <p>
          <label htmlFor="email">Email address</label>
          <input id="email" name="email" type="email" required />
        </p>
        <RoleField id="role" />
        <p>
          <button type="submit">Invite</button>
        </p>
      </form>
      <h2>Open sessions</h2>
      <Table label="Open sessions" head={["Address", "Since (UTC)", "Last seen (UTC)", ""]}>
        {sessions.map(({ id, email, createdAt, lastSeenAt }) => (
          <tr key={id}>
            <th scope="row">{email}</th>
            <td>{moment(createdAt)}</td>
            <td>{moment(lastSeenAt)}</td>
            <td>
              <Action fields={{ action: "end-session", session: id }} name="End" />
            </td>
          </tr>
        ))}
      </Table>
      <h2>API tokens</h2>
      <Table label="API tokens" head={["Name", "Role", "Made by", "Expires (UTC)", "Last used (UTC)", ""]}>
        {tokens.map(({ name, role, maker, expiresAt, revokedAt, lastUsedAt }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{role}</td>
            <td>{maker ?? "the command line"}</td>
            <td>{moment(expiresAt)}</td>
            <td>{moment(lastUsedAt)}</td>
            <td>
              {revokedAt === null ? (
                <Action fields={{ action: "revoke-token", token: name }} name="Revoke" />
              ) : (
                "revoked"
              )}
            </td>
          </tr>
        ))}
      </Table>
      <form method="post" className="filters">
        <input type="hidden" name="action" value="add-token" />
        <p>
          <label htmlFor="token">Name</label>
          <input id="token" name="token" type="text" required />
        </p>
        <RoleField id="token-role" />
        <p>
          <label htmlFor="days">Days</label>
          <input id="days" name="days" type="number" min={1} max={366} defaultValue={30} required />
        </p>
        <p>
          <button type="submit">Make a token</button>
        </p>
      </form>
    </AdminDocument>
  );
}

function Table({ label, head, children }: { label: string; head: string[]; children: React.ReactNode }) {
  return (
    <Wide label={label}>
      <table>
        <thead>
          <tr>
            {head.map((name) =>
              name === "" ? (
                <td key={name} />
              ) : (
                <th key={name} scope="col">
                  {name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Wide>
  );
}

function RoleField({ id }: { id: string }) {
  return (
    <p>
      <label htmlFor={id}>Role</label>
      <select id={id} name="role" defaultValue="viewer">
        <option value="viewer">viewer: figures only</option>
        <option value="exporter">exporter: signatories and exports</option>
        <option value="owner">owner: everything</option>
      </select>
    </p>
  );
}

function Action({ fields, name }: { fields: Record<string, string>; name: string }) {
  return (
    <form method="post" className="inline">
      {Object.entries(fields).map(([field, value]) => (
        <input key={field} type="hidden" name={field} value={value} />
      ))}
      <button type="submit" className="quiet">
        {name}
      </button>
    </form>
  );
}

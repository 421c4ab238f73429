import { escapeIdentifier } from "pg";
import { inLongTransaction } from "./connection";

/** The serving role's rights on every table. */
const EVERY_TABLE = "SELECT, INSERT, UPDATE, DELETE";
/** Rights revoked again: the audit log is append-only, and only the role that migrates records migrations. */
const TAKEN_AGAIN = {
  audit_entry: "UPDATE, DELETE",
  _prisma_migrations: "INSERT, UPDATE, DELETE",
};

/**
 * Lets a role serve: read and write every existing table, but not create, alter or drop any.
 * Safe to repeat. Call it after migrations, as the role that applied them.
 * @throws PostgreSQL's error when the role does not exist, or the connection's role does not own the tables.
 */
export async function grantServing(connectionString: string, role: string): Promise<void> {
  const name = escapeIdentifier(role);
  // One transaction, so that the audit log is never briefly open to changes.
  await inLongTransaction(connectionString, { name: "grant" }, (client) =>
    client.query(
      [
        `GRANT USAGE ON SCHEMA public TO ${name}`,
        `GRANT ${EVERY_TABLE} ON ALL TABLES IN SCHEMA public TO ${name}`,
        `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${name}`,
        ...Object.entries(TAKEN_AGAIN).map(
          ([table, rights]) => `REVOKE ${rights} ON ${escapeIdentifier(table)} FROM ${name}`,
        ),
      ].join(";\n"),
    ),
  );
}

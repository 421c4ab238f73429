import { escapeIdentifier } from "pg";
import { inLongTransaction } from "./connection";

/** What serving may do with every table. */
const EVERY_TABLE = "SELECT, INSERT, UPDATE, DELETE";
/** What is taken from it again: the audit log only grows, and migrations are noted by who applies them. */
const TAKEN_AGAIN = {
  audit_entry: "UPDATE, DELETE",
  _prisma_migrations: "INSERT, UPDATE, DELETE",
};

/**
 * Lets a role serve: read and write every table there is now, and neither create, change nor drop one. Safe to repeat;
 * to be called after migrations, by the role that applied them.
 * @throws PostgreSQL's error when there is no such role, or the connection's own does not own the tables.
 */
export async function grantServing(connectionString: string, role: string): Promise<void> {
  const name = escapeIdentifier(role);
  // One transaction: nobody sees the audit log open to changes in between.
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

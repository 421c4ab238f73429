import { Client } from "pg";

/** Asks the database of the site under test, from a browser test. */
export async function rows<Row>(statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: process.env.TEST_DATABASE_URL ?? "" });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows as Row[];
  } finally {
    await client.end();
  }
}

import { Client } from "pg";

type Statement = { text: string; values: unknown[] };
type Plan = {
  "Node Type": string;
  "Relation Name"?: string;
  "Actual Rows": number;
  "Actual Loops": number;
  "Rows Removed by Filter"?: number;
  "Rows Removed by Index Recheck"?: number;
  Plans?: Plan[];
};
type Explained = { Plan: Plan; "Planning Time": number; "Execution Time": number };

/** One reading of a table by one statement of a view: how, and over how many rows it went. */
export type Reading = { view: string; table: string; how: string; rows: number };
/** What the database spent on a view: its statements one after the other, in milliseconds. */
export type ViewCost = { view: string; statements: number; milliseconds: number; readings: Reading[] };

/**
 * Does a view's work, then has the database explain each statement it sent, with the very parameters, as it runs once
 * more (EXPLAIN ANALYZE) and is rolled back.
 */
export async function costOf(
  databaseUrl: string,
  view: string,
  work: () => Promise<unknown>,
): Promise<ViewCost> {
  const statements = await sentBy(work);
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    let milliseconds = 0;
    const readings: Reading[] = [];
    for (const { text, values } of statements) {
      await client.query("BEGIN");
      const { rows } = await client.query<{ "QUERY PLAN": Explained[] }>(
        `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
        values,
      );
      await client.query("ROLLBACK");
      for (const explained of rows[0]?.["QUERY PLAN"] ?? []) {
        milliseconds += explained["Planning Time"] + explained["Execution Time"];
        readings.push(...readingsOf(explained.Plan, view));
      }
    }
    return { view, statements: statements.length, milliseconds, readings };
  } finally {
    await client.end();
  }
}

/** What is sent to the database during some work, save what only opens and ends transactions. */
async function sentBy(work: () => Promise<unknown>): Promise<Statement[]> {
  const sent: Statement[] = [];
  const own = Client.prototype.query;
  Client.prototype.query = function (this: Client, ...call: unknown[]) {
    const [config, values] = call as [string | { text: string; values?: unknown[] }, unknown[] | undefined];
    const text = typeof config === "string" ? config : config.text;
    const given = Array.isArray(values) ? values : typeof config === "string" ? [] : (config.values ?? []);
    if (/^\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b/i.test(text)) sent.push({ text, values: given });
    return Reflect.apply(own, this, call);
  } as typeof own;
  try {
    await work();
  } finally {
    Client.prototype.query = own;
  }
  if (sent.length === 0) throw new Error("the work sent no statement: nothing was measured");
  return sent;
}

function readingsOf(plan: Plan, view: string): Reading[] {
  const below = (plan.Plans ?? []).flatMap((part) => readingsOf(part, view));
  const table = plan["Relation Name"];
  if (table === undefined || !plan["Node Type"].includes("Scan")) return below;
  const each =
    plan["Actual Rows"] +
    (plan["Rows Removed by Filter"] ?? 0) +
    (plan["Rows Removed by Index Recheck"] ?? 0);
  return [{ view, table, how: plan["Node Type"], rows: Math.round(each * plan["Actual Loops"]) }, ...below];
}

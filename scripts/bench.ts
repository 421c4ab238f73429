import path from "node:path";
import { parseArgs } from "node:util";
import { MEASURES } from "@/bench";
import { openContext } from "@/bench/context";
import { table, verdictOf, writeResults } from "@/bench/report";
import type { Result } from "@/bench/types";
import { OperatorError, reportingFaults } from "@/scripts/support/environment";

/** The number of signatures the acceptance figures are stated for. */
const USUAL_ROWS = 1_000_000;
const RESULTS_FILE = path.resolve("bench/results.json");

/** `npm run bench -- [NAME …] [--rows N]`: all measures, or those named. Exit code 1 when a limit was missed. */
await reportingFaults(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rows: { type: "string", default: String(USUAL_ROWS) } },
  });
  const rows = Number(values.rows);
  if (!Number.isSafeInteger(rows) || rows < 1)
    throw new OperatorError(`--rows is "${values.rows}": it must be a whole number, for example 1000000`);
  for (const name of positionals) {
    if (!MEASURES.some((measure) => measure.name === name)) {
      const known = MEASURES.map((measure) => measure.name).join(", ");
      throw new OperatorError(`Unknown measure "${name}": it must be one of ${known}`);
    }
  }
  const chosen = MEASURES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

  const { context, close } = await openContext(rows);
  // An interrupted run leaves no server and no folder behind.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => close().finally(() => process.exit(1)));
  const results: Record<string, Result[]> = {};
  try {
    for (const { name, run } of chosen) {
      console.error(`${name} …`);
      results[name] = await run(context);
    }
  } finally {
    await close();
  }
  await writeResults(RESULTS_FILE, rows, results);
  const lines = Object.values(results).flat();
  console.log(table(lines));
  if (lines.some((result) => verdictOf(result) === "fail")) process.exitCode = 1;
});
process.exit();

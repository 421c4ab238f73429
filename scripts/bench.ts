import { writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { MEASURES } from "@/bench";
import { openContext } from "@/bench/context";
import { table, verdictOf, writeResults } from "@/bench/report";
import type { Result } from "@/bench/types";
import { OperatorError, withErrorReport } from "@/scripts/support/environment";

/** The number of signatures that the acceptance figures assume. */
const USUAL_ROWS = 1_000_000;
const RESULTS_FILE = path.resolve("bench/results.json");
const TABLE_FILE = path.resolve("bench/results.md");

function wholeNumber(name: string, given: string): number {
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new OperatorError(`--${name} is "${given}": it must be a whole number, for example 100`);
  return value;
}

/**
 * `npm run bench -- [NAME …] [--rows N] [--long] [--seconds N]`: runs all measures, or those named. `--long`
 * runs for the durations of the acceptance figures; `--seconds` shortens a whole-site measure for trying it
 * out. Exits with 1 if a limit was missed.
 */
await withErrorReport(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: "string", default: String(USUAL_ROWS) },
      long: { type: "boolean", default: false },
      seconds: { type: "string" },
    },
  });
  const rows = wholeNumber("rows", values.rows);
  const seconds = values.seconds === undefined ? {} : { seconds: wholeNumber("seconds", values.seconds) };
  for (const name of positionals) {
    if (!MEASURES.some((measure) => measure.name === name)) {
      const known = MEASURES.map((measure) => measure.name).join(", ");
      throw new OperatorError(`Unknown measure "${name}": it must be one of ${known}`);
    }
  }
  const chosen = MEASURES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

  const { context, close } = await openContext({ rows, long: values.long, ...seconds });
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
  const written = table(results);
  await writeFile(TABLE_FILE, `${written}\n`);
  console.log(written);
  if (
    Object.values(results)
      .flat()
      .some((result) => verdictOf(result) === "fail")
  )
    process.exitCode = 1;
});
process.exit();

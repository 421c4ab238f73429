import { parseArgs } from "node:util";
import { promisesKept, runFaults } from "@/tests/faults/faults";

/** How often web, worker and database are killed each: briefly within `npm test`, and as the acceptance figure A1 asks. */
const SHORT_ROUNDS = 3;
const LONG_ROUNDS = 20;

const { values } = parseArgs({ options: { long: { type: "boolean", default: false } } });
const counts = await runFaults(values.long ? LONG_ROUNDS : SHORT_ROUNDS);
const kept = promisesKept(counts);
const lines: [string, string | number][] = [
  ["seconds under fire", counts.seconds.toFixed(0)],
  ["killed: web, worker, database", `${counts.kills.web}, ${counts.kills.worker}, ${counts.kills.database}`],
  ["signatures tried", counts.attempts],
  ["signatures acknowledged (202)", counts.acknowledged],
  ["signatures in the database", counts.rows],
  ["acknowledged, yet lost", counts.lost],
  ["addresses mailed", counts.mailed],
  ["mailed twice", counts.mailedTwice],
  ["owed a mail, yet not mailed", counts.unmailed],
  ["seconds until nothing was owed", counts.drainSeconds.toFixed(1)],
];
console.log("| what | count |\n| --- | --- |");
for (const [what, count] of lines) console.log(`| ${what} | ${count} |`);
console.log(kept ? "Nothing lost, nobody mailed twice." : "A promise was broken: see the table.");
process.exit(kept ? 0 : 1);

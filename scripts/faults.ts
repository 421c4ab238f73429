import { parseArgs } from "node:util";
import { LONG, runFaults, SHORT } from "@/tests/faults/faults";

const { values } = parseArgs({ options: { long: { type: "boolean", default: false } } });
const interrupted = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.on(name, () => interrupted.abort());
const findings = await runFaults(values.long ? LONG : SHORT, interrupted.signal);
const broken = findings.filter(({ kept }) => !kept);
console.log("| what | found |\n| --- | --- |");
for (const { what, found, kept } of findings)
  console.log(`| ${what} | ${found}${kept ? "" : " **broken**"} |`);
console.log(
  broken.length === 0 ? "Every promise was kept." : `Broken: ${broken.map(({ what }) => what).join("; ")}.`,
);
process.exit(broken.length === 0 ? 0 : 1);

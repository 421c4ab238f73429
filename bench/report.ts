import { writeFile } from "node:fs/promises";
import { availableParallelism, cpus, totalmem } from "node:os";
import type { Result } from "./types";

export type Verdict = "pass" | "fail" | "measured";

/** Returns whether a result meets its limits; without any it is only `measured`. */
export function verdictOf({ ours, limit, better, peer, leastRatio }: Result): Verdict {
  const kept = [];
  if (limit !== undefined) kept.push(better === "higher" ? ours >= limit : ours <= limit);
  if (peer && leastRatio !== undefined) kept.push(ours / peer.value >= leastRatio);
  if (kept.length === 0) return "measured";
  return kept.every(Boolean) ? "pass" : "fail";
}

/** Returns ours divided by the peer's, or by the limit if there is no peer; null if there is neither. */
function ratioOf({ ours, peer, limit }: Result): number | null {
  const against = peer?.value ?? limit;
  return against === undefined || against === 0 ? null : ours / against;
}

function figure(value: number): string {
  return value.toLocaleString("en", { maximumFractionDigits: Math.abs(value) < 100 ? 2 : 0 });
}

function against({ peer, limit, leastRatio, better, unit }: Result): string {
  const parts = [];
  if (peer) parts.push(`${peer.name} ${figure(peer.value)} ${unit}`);
  if (limit !== undefined) parts.push(`${better === "higher" ? "≥" : "≤"} ${figure(limit)} ${unit}`);
  if (leastRatio !== undefined) parts.push(`≥ ${figure(leastRatio)}×`);
  return parts.join(", ");
}

/**
 * Formats the results as a Markdown table: measure (on every row), what, ours, peer or limit, ratio, verdict.
 */
export function table(results: Readonly<Record<string, readonly Result[]>>): string {
  const head = ["npm run bench --", "what", "ours", "peer / limit", "ratio", "verdict"];
  const rows = Object.entries(results).flatMap(([measure, lines]) =>
    lines.map((result) => {
      const ratio = ratioOf(result);
      return [
        measure,
        result.what,
        `${figure(result.ours)} ${result.unit}`.trim(),
        against(result),
        ratio === null ? "" : `${figure(ratio)}×`,
        verdictOf(result),
      ];
    }),
  );
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** Writes the results for programs to read, with the machine they were measured on. */
export async function writeResults(
  file: string,
  rows: number,
  results: Readonly<Record<string, readonly Result[]>>,
): Promise<void> {
  const machine = {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
  const measures = Object.fromEntries(
    Object.entries(results).map(([name, lines]) => [
      name,
      lines.map((result) => ({ ...result, ratio: ratioOf(result), verdict: verdictOf(result) })),
    ]),
  );
  const report = { measuredAt: new Date().toISOString(), machine, rows, measures };
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}

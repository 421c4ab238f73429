import type { z } from "zod";
import type { YamlText } from "./yaml-text";

/** Notes a mistake in the file that is being read. */
export type Report = (line: number, message: string) => void;

/** How many mistakes of one file are told: a campaigner mends those first. */
const FAULTS_MAX = 100;

/** Collects the mistakes of one file, each once, in the order of its lines. */
export class FileFaults {
  readonly #found = new Map<string, { line: number; message: string }>();

  readonly report: Report = (line, message) => {
    if (this.#found.size < FAULTS_MAX) this.#found.set(`${line} ${message}`, { line, message });
  };

  get any(): boolean {
    return this.#found.size > 0;
  }

  listed(file: string): { file: string; line: number; message: string }[] {
    return [...this.#found.values()]
      .sort((one, other) => one.line - other.line)
      .map(({ line, message }) => ({ file, line, message }));
  }
}

/**
 * Messages of a schema for one value. They follow the value's name: "goal" + " must be …".
 * @param must what it must be, with an example.
 */
export function must(be: string): { error: (issue: { input?: unknown }) => string } {
  return { error: ({ input }) => (input === undefined ? `is missing: it must be ${be}` : `must be ${be}`) };
}

/** Reports what a schema found wrong, each at its line. */
export function reportIssues(issues: readonly z.core.$ZodIssue[], yaml: YamlText, report: Report): void {
  for (const issue of issues.slice(0, FAULTS_MAX)) {
    if (issue.code === "unrecognized_keys")
      for (const key of issue.keys.slice(0, FAULTS_MAX))
        report(
          yaml.lineOf([...issue.path, key]),
          `${nameOf([...issue.path, key])} is not known: remove it, or check its spelling`,
        );
    else report(yaml.lineOf(issue.path), `${nameOf(issue.path)} ${issue.message}`);
  }
}

function nameOf(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the file";
  return path.map((step) => (typeof step === "number" ? `entry ${step + 1}` : String(step))).join(", ");
}

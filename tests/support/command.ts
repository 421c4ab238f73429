import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { testEnvironment } from "./postgres";

/**
 * Runs one of our commands as npm would, in production and without a database unless `env` names one.
 * @param env DATA_FOLDER belongs into it: without it, the command works on the checkout's own.
 */
export function runCommand(
  script: string,
  env: { DATA_FOLDER: string } & Record<string, string>,
  args: string[] = [],
): { child: ChildProcess; ended: Promise<number>; said: () => string } {
  const child = spawn(process.execPath, ["--import", "tsx", `scripts/${script}.ts`, ...args], {
    env: {
      ...(process.env as Record<string, string>),
      ...testEnvironment(""),
      NODE_ENV: "production",
      ...env,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (piece: Buffer) => {
    said += String(piece);
  });
  const ended = once(child, "close").then(([code]) => Number(code));
  return { child, ended, said: () => said };
}

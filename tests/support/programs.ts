import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** One of our programs as its own process: what it has written so far, and its end. */
export type Program = { output(): string; ended: Promise<number | null>; stop(): Promise<void> };

/** Starts `scripts/NAME.ts` as its npm command does. @param env put over this process's own. */
export function startProgram(
  name: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Program {
  const child: ChildProcess = spawn(process.execPath, ["--import", "tsx", `scripts/${name}.ts`, ...args], {
    env: { ...process.env, NODE_ENV: "test", ...env } as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let written = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      written += chunk.toString();
    });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    output: () => written,
    ended,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
      await ended;
    },
  };
}

/** Runs `scripts/NAME.ts` to its end. @returns what it wrote. @throws when it fails. */
export async function runProgram(
  name: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
): Promise<string> {
  const program = startProgram(name, args, env);
  const code = await program.ended;
  if (code !== 0) throw new Error(`scripts/${name}.ts ended with ${code}: ${program.output()}`);
  return program.output();
}

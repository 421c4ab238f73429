import { randomBytes } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { hasCode, PRIVATE_FILE_MODE } from "./files";
import type { ProcessIdentity } from "./processes";

/**
 * State kept between starts, in `postgres.json` beside the data. `keeper` is the process that stops
 * the server when it ends.
 */
export type State = { password: string; port: number | null; keeper: ProcessIdentity | null };

/**
 * Reads the state of a folder. Before the first start there is none: it returns one
 * with a new random password.
 */
export async function readState(folder: string): Promise<State> {
  const file = stateFile(folder);
  try {
    return JSON.parse(await readFile(file, "utf8")) as State;
  } catch (error) {
    if (hasCode(error, "ENOENT"))
      return { password: randomBytes(24).toString("base64url"), port: null, keeper: null };
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Replaces the state of a folder in one step, so that a crash never leaves a partial file. */
export async function writeState(folder: string, state: State): Promise<void> {
  const file = stateFile(folder);
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`, { mode: PRIVATE_FILE_MODE });
  await rename(`${file}.new`, file);
}

function stateFile(folder: string): string {
  return path.join(folder, "postgres.json");
}

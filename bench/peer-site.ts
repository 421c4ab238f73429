import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { type Site, serve } from "./serve";
import type { Context } from "./types";

const NEXT = path.resolve("node_modules/next/dist/bin/next");
const PEER = path.resolve("bench/peer");

let built: Promise<unknown> | undefined;

/** Builds (once per run) and starts an ordinary Next application with the same page and a form. */
export async function startPeer(context: Context): Promise<Site> {
  context.note("building the ordinary Next application …");
  built ??= promisify(execFile)(process.execPath, [NEXT, "build"], {
    cwd: PEER,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
  });
  await built;
  return serve([NEXT, "start", PEER], context, { ready: "/en" });
}

import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { withinFramework } from "./framework";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type Route = { name: string; file: string; method: Method };
export type Handler = (
  request: Request,
  context: { params: Promise<Record<string, unknown>> },
) => Promise<Response>;

export const CHANGING: readonly Method[] = ["POST", "PUT", "PATCH", "DELETE"];
const METHODS: readonly Method[] = ["GET", ...CHANGING];
/** Part of the desk, but there to get in. */
const OPEN_TO_NOBODY_YET = new Set(["app/admin/sign-in/route.tsx", "app/admin/enrol/[token]/route.tsx"]);

/** Read from the files: the routes themselves are loaded once there is a database. */
export const routes: Route[] = globSync("app/**/route.{ts,tsx}")
  .sort()
  .flatMap((file) => {
    const exported =
      readFileSync(file, "utf8")
        .match(/^export .*$/gm)
        ?.join("\n") ?? "";
    return METHODS.filter((method) => new RegExp(`\\b${method}\\b`).test(exported)).map((method) => ({
      name: `${method} ${file}`,
      file,
      method,
    }));
  });

/** What only administrators get an answer from. */
export function isOfDesk({ file }: Route): boolean {
  return /^app\/(?:api\/)?admin\//.test(file) && !OPEN_TO_NOBODY_YET.has(file);
}

/** A route as the table of actions calls it: `GET /admin/signatories/[id]`. */
export function addressOf({ file, method }: Route): string {
  return `${method} ${file.replace(/^app/, "").replace(/\/route\.tsx?$/, "")}`;
}

/** The function that answers a route, called as the framework would call it. */
export async function handlerOf({ name, file, method }: Route): Promise<Handler> {
  const module = (await import(path.resolve(file))) as Partial<Record<Method, Handler>>;
  const handler = module[method];
  if (!handler) throw new Error(`${name} is gone`);
  return (request, context) => withinFramework(request, () => handler(request, context));
}

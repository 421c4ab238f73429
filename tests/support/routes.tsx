import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { renderToStaticMarkup } from "react-dom/server";
import type { FormAction, FormState } from "@/components/admin/form-state";
import { Asking } from "@/components/admin/kit/DeskForm";
import { type ActionName, actionOf } from "@/lib/desk/actions";
import { type Acted, send, show } from "./desk-pages";
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

/** Pages and their actions, which the framework answers with a page's whole tree around them. */
routes.push(
  ...globSync("app/**/{page.tsx,actions.ts}")
    .sort()
    .filter((file) => !file.includes("[...rest]"))
    .map((file) => {
      const method: Method = file.endsWith("page.tsx") ? "GET" : "POST";
      return { name: `${method} ${file}`, file, method };
    }),
);

/** What only administrators get an answer from. */
export function isOfDesk({ file }: Route): boolean {
  return /^app\/(?:api\/)?admin\//.test(file) && !OPEN_TO_NOBODY_YET.has(file);
}

/** A route as the table of actions calls it: `GET /admin/signatories/[id]`. */
export function addressOf({ file, method }: Route): string {
  return `${method} ${file.replace(/^app/, "").replace(/\/(?:route|page|actions)\.tsx?$/, "")}`;
}

/** A page of the framework's. */
export async function pageOf({ file }: Route): Promise<PageModule["default"]> {
  return ((await import(path.resolve(file))) as PageModule).default;
}

/** The Server Actions of a file. */
export async function actionsOf({ file }: Route): Promise<FormAction[]> {
  return Object.values((await import(path.resolve(file))) as ActionsModule);
}

/** The function that answers a route, called as the framework would call it. */
export async function handlerOf({ name, file, method }: Route): Promise<Handler> {
  const module = (await import(path.resolve(file))) as Partial<Record<Method, Handler>>;
  if (file.endsWith("page.tsx"))
    return (request, context) => shown(module as unknown as PageModule, request, context);
  if (file.endsWith("actions.ts")) return (request) => acted(module as unknown as ActionsModule, request);
  const handler = module[method];
  if (!handler) throw new Error(`${name} is gone`);
  return (request, context) => withinFramework(request, () => handler(request, context));
}

type Props = { params: Promise<Record<string, unknown>>; searchParams: Promise<Record<string, string>> };
type PageModule = { default: (props: Props) => Promise<React.ReactElement> };
type ActionsModule = Record<string, FormAction & { actionName: ActionName }>;

const browserOf = (request: Request) => {
  const { pathname, search } = new URL(request.url);
  return { path: `${pathname}${search}`, headers: Object.fromEntries(request.headers) };
};

async function shown(
  { default: page }: PageModule,
  request: Request,
  { params }: { params: Promise<Record<string, unknown>> },
): Promise<Response> {
  const searchParams = Promise.resolve(Object.fromEntries(new URL(request.url).searchParams));
  const { status, location, html } = await show(page, browserOf(request), { params, searchParams });
  return new Response(html, { status, headers: location === null ? {} : { location } });
}

/** A form says by its field `action` which action is meant, as `lib/desk/actions.ts` has it. */
async function acted(module: ActionsModule, request: Request): Promise<Response> {
  const { action = "", ...fields } = Object.fromEntries(await request.formData()) as Record<string, string>;
  const found = Object.values(module).find(({ actionName }) => (actionOf(actionName).form ?? "") === action);
  if (!found) return new Response("unknown action", { status: 400 });
  return answerOf(await send(found, browserOf(request), fields));
}

const SHOWN = 200;
const DONE = 303;
const REFUSED = 422;
const GONE = 410;

/** A status as a route handler would answer with, and what a reader would be shown. */
function answerOf({ status, location, state, cookies }: Acted): Response {
  const headers = new Headers(cookies.map((cookie) => ["set-cookie", cookie]));
  if (location !== null) headers.set("location", location);
  if (state === null) return new Response(null, { status: location === null ? status : DONE, headers });
  const refused = status === SHOWN ? statusOf(state) : status;
  return new Response(markupOf(state), { status: refused, headers });
}

function statusOf(state: FormState): number {
  switch (state.kind) {
    case "untouched":
    case "done":
      return DONE;
    case "invalid":
      return REFUSED;
    case "asking":
      return state.code === null ? 200 : REFUSED;
    case "failed":
      return GONE;
  }
}

function markupOf(state: FormState): string {
  if (state.kind === "asking")
    return renderToStaticMarkup(<Asking asking={state} hidden={{}} onDecline={() => {}} />);
  return JSON.stringify(state);
}

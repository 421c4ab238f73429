import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { renderToStaticMarkup } from "react-dom/server";
import type { FormAction, FormState } from "@/components/admin/form-state";
import { Asking } from "@/components/admin/kit/DeskForm";
import { type ActionName, actionOf } from "@/lib/desk/actions";
import { CAMPAIGN_SLUG } from "./campaign";
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
export async function actionsOf({ file }: Route): Promise<FormAction<unknown>[]> {
  return Object.values((await import(path.resolve(file))) as ActionsModule);
}

/** The function that answers a route, called as the framework would call it. */
export async function handlerOf({ name, file, method }: Route): Promise<Handler> {
  const module = (await import(path.resolve(file))) as Partial<Record<Method, Handler>>;
  if (file.endsWith("page.tsx"))
    return async (request, context) =>
      shown(module as unknown as PageModule, await visitTo(file, request, context));
  if (file.endsWith("actions.ts"))
    return async (request, context) =>
      acted(module as unknown as ActionsModule, request, await visitTo(file, request, context));
  const handler = module[method];
  if (!handler) throw new Error(`${name} is gone`);
  return (request, context) => withinFramework(request, () => handler(request, context));
}

type Props = { params: Promise<Record<string, unknown>>; searchParams: Promise<Record<string, string>> };
type PageModule = { default: (props: Props) => Promise<React.ReactElement> };
type ActionsModule = Record<string, FormAction<unknown> & { actionName?: ActionName }>;

type Context = { params: Promise<Record<string, unknown>> };
type Answer = (request: Request, context?: Context) => Promise<Response>;
type DeskVisit = { path: string; headers: Record<string, string>; params: Record<string, unknown> };

/** The parameters in a path, by the folder of the page at it; none if it is another page's. */
function parametersIn(folder: string, pathname: string): Record<string, string> {
  const names = [...folder.matchAll(/\[(\w+)\]/g)].map(([, name = ""]) => name);
  const pattern = folder.replaceAll(/\[\w+\]/g, "([^/]+)");
  const [, ...values] = new RegExp(`^${pattern}$`).exec(pathname) ?? [];
  return Object.fromEntries(values.map((value, place) => [names[place] ?? "", value]));
}

/** Where a request to a page of the desk leads. Without a campaign in the address, that is the shipped one's. */
async function visitTo(file: string, request: Request, context: Context): Promise<DeskVisit> {
  const folder = file.replace(/^app/, "").replace(/\/[^/]+$/, "");
  const { pathname, search } = new URL(request.url);
  const params: Record<string, unknown> = {
    campaign: CAMPAIGN_SLUG,
    ...parametersIn(folder, pathname),
    ...(await context.params),
  };
  const path = folder.replaceAll(/\[(\w+)\]/g, (_, name: string) => encodeURIComponent(String(params[name])));
  return { path: `${path}${search}`, headers: Object.fromEntries(request.headers), params };
}

/** A page of the desk and its actions, as if they were a route handler's. */
export function deskRoute(folder: string): { GET: Answer; POST: Answer } {
  const answers =
    (name: string, method: Method): Answer =>
    async (request, context = { params: Promise.resolve({}) }) => {
      const file = path.join("app/admin", folder, name);
      return (await handlerOf({ name: `${method} ${file}`, file, method }))(request, context);
    };
  return { GET: answers("page.tsx", "GET"), POST: answers("actions.ts", "POST") };
}

async function shown({ default: page }: PageModule, { params, ...browser }: DeskVisit): Promise<Response> {
  const { searchParams: asked } = new URL(browser.path, "http://localhost");
  const searchParams = Promise.resolve(Object.fromEntries(asked));
  const props = { params: Promise.resolve(params), searchParams };
  const { status, location, html, headers } = await show(page, browser, props);
  return new Response(html, { status, headers: location === null ? headers : { location } });
}

/** A form says by its field `action` which action is meant, as `lib/desk/actions.ts` has it. */
async function acted(module: ActionsModule, request: Request, visit: DeskVisit): Promise<Response> {
  const fields = Object.fromEntries(await request.formData());
  const { action = "" } = fields;
  const found = Object.values(module).find(
    // A form with several buttons has one action more, which only chooses.
    ({ actionName }) => actionName !== undefined && (actionOf(actionName).form ?? "") === action,
  );
  if (!found) return new Response("unknown action", { status: 400 });
  return answerOf(await send(found, visit, fields));
}

const SHOWN = 200;
const DONE = 303;
const REFUSED = 422;
const GONE = 410;

/** A status as a route handler would answer with, and what a reader would be shown. */
function answerOf({ status, location, state, cookies }: Acted<unknown>): Response {
  const headers = new Headers(cookies.map((cookie) => ["set-cookie", cookie]));
  if (location !== null) headers.set("location", location);
  if (state === null) return new Response(null, { status: location === null ? status : DONE, headers });
  const refused = status === SHOWN ? statusOf(state) : status;
  return new Response(markupOf(state), { status: refused, headers });
}

function statusOf(state: FormState<unknown>): number {
  switch (state.kind) {
    case "untouched":
    case "done":
      return DONE;
    case "found":
      return SHOWN;
    case "invalid":
      return REFUSED;
    case "asking":
      return state.code === null ? 200 : REFUSED;
    case "failed":
      return GONE;
  }
}

function markupOf(state: FormState<unknown>): string {
  if (state.kind === "asking")
    return renderToStaticMarkup(<Asking asking={state} hidden={{}} onDecline={() => {}} />);
  return JSON.stringify(state);
}

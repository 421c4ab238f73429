import { getURLFromRedirectError } from "next/dist/client/components/redirect";
import { isRedirectError } from "next/dist/client/components/redirect-error";
import { renderToReadableStream } from "react-dom/server";
import { type FormAction, type FormState, UNTOUCHED } from "@/components/admin/form-state";
import { DESK_PATH_HEADER } from "@/lib/http/desk-policy";
import { beginAnswer } from "@/lib/http/response-status";
import { settings } from "@/lib/settings";
import { withinFramework } from "./framework";

const SHOWN = 200;
const LED_ON = 307;

/** A browser that holds a session, or none. */
type Browser = { cookie?: string; path?: string; headers?: Record<string, string> };

/** What a page came to: its markup, where it leads to instead, or with which status it was refused. */
export type Shown = {
  status: number;
  location: string | null;
  html: string;
  headers: Readonly<Record<string, string>>;
};

/** What an action came to, with the cookies that it set. */
export type Acted<Result = never> = {
  status: number;
  location: string | null;
  state: FormState<Result> | null;
  cookies: string[];
};

function requestOf({ cookie = "", path = "/admin", headers = {} }: Browser, method: "GET" | "POST"): Request {
  const url = new URL(path, settings().siteUrl);
  return new Request(url, {
    method,
    headers: { cookie, "sec-fetch-site": "same-origin", [DESK_PATH_HEADER]: path, ...headers },
  });
}

/** How the framework would answer what was thrown. */
function answerTo(error: unknown): { status: number; location: string | null } {
  if (isRedirectError(error)) return { status: LED_ON, location: getURLFromRedirectError(error) };
  throw error;
}

/** Opens a page of the desk. */
export async function show<Props>(
  page: (props: Props) => Promise<React.ReactElement>,
  browser: Browser,
  props: Props,
): Promise<Shown> {
  try {
    const chosen = beginAnswer();
    const html = await withinFramework(requestOf(browser, "GET"), async () => {
      const stream = await renderToReadableStream(await page(props));
      return new Response(stream).text();
    });
    return { status: chosen.status ?? SHOWN, location: null, html, headers: chosen.headers };
  } catch (error) {
    return { ...answerTo(error), html: "", headers: {} };
  }
}

/** Sends a form of the desk to its action. */
export async function send<Result = never>(
  action: FormAction<Result>,
  browser: Browser,
  fields: Record<string, string | File>,
): Promise<Acted<Result>> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const answered = new Headers();
  try {
    const chosen = beginAnswer();
    const state = await withinFramework(requestOf(browser, "POST"), () => action(UNTOUCHED, form), answered);
    return { status: chosen.status ?? SHOWN, location: null, state, cookies: answered.getSetCookie() };
  } catch (error) {
    return { ...answerTo(error), state: null, cookies: answered.getSetCookie() };
  }
}

import { refresh } from "next/cache";
import { cookies, headers } from "next/headers";
import { redirect } from "next/navigation";
import type { ReactElement } from "react";
import type { z } from "zod";
import NotFound from "@/app/admin/not-found";
import { CodeNeeded } from "@/components/admin/CodeNeeded";
import { Forbidden, MAY_NOT } from "@/components/admin/Forbidden";
import type { FieldMistake, FormState, Question, Typed } from "@/components/admin/form-state";
import { dropDraft, endedSessionCookie, proveAgain, sessionCookieOf } from "@/lib/accounts";
import type { Actor } from "@/lib/audit";
import { storable } from "@/lib/db/storable";
import { type ActionName, type Authorisation, actionOf, authorise } from "@/lib/desk";
import { DESK_PATH_HEADER } from "@/lib/http/desk-policy";
import { answerWithStatus } from "@/lib/http/response-status";
import { settings } from "@/lib/settings";
import type { Reader } from "@/lib/signatories";

/** A request at the desk by someone who is allowed to make it. */
export type Visit = { actor: Actor; sessionId: string | null; reader: Reader };

type Authorised = Extract<Authorisation, { ok: true }>;

const FORBIDDEN = 403;
const NOT_FOUND = 404;
const CODE_IS_OLD = "Your last code is more than 15 minutes old.";

/**
 * Makes a desk page. It renders for people who may do `name`, asks others to sign in or for a code, and
 * refuses the rest.
 * @param render gets the visitor and the props that Next passes to a page.
 */
export function deskPage<Props>(
  name: ActionName,
  render: (visit: Visit, props: Props) => Promise<ReactElement> | ReactElement,
): (props: Props) => Promise<ReactElement> {
  return async function Page(props) {
    const visitor = await authorised("GET", name);
    if (visitor === null) return refused(FORBIDDEN, <Forbidden />);
    if (actionOf(name).code !== null && !visitor.proved) return askForCode(CODE_IS_OLD);
    return render(visitOf(visitor), props);
  };
}

/** A validated desk form and who sent it. */
export type Posted<Fields> = Visit & { form: Fields };

type DeskActionOptions<Fields> = {
  /** Returns how many items an action that asks first affects; null if there is nothing to ask. */
  howMany?: (posted: Posted<Fields>) => Promise<number | null>;
};

/**
 * Makes a Server Action of the desk. It runs `act` for people who may do `name`, once the form is valid and
 * any question and code required by `lib/desk/actions.ts` are answered. Schema messages are full sentences.
 */
export function deskAction<Schema extends z.ZodType>(
  name: ActionName,
  schema: Schema,
  act: (posted: Posted<z.output<Schema>>) => Promise<FormState>,
  { howMany }: DeskActionOptions<z.output<Schema>> = {},
): ((before: FormState, form: FormData) => Promise<FormState>) & { actionName: ActionName } {
  const action = async (_before: FormState, data: FormData): Promise<FormState> => {
    const visitor = await authorised("POST", name);
    if (visitor === null) {
      answerWithStatus(FORBIDDEN);
      return { kind: "failed", ...MAY_NOT, typed: {} };
    }
    const declared = actionOf(name);
    const { code = "", confirmed = "", ...typed } = textsOf(data);
    const checked = schema.safeParse(declared.code === "own" ? { ...typed, code } : typed);
    if (!checked.success) return { kind: "invalid", mistakes: mistakesOf(checked.error), typed };
    const posted = { ...visitOf(visitor), form: checked.data };
    const carryOut = async (reader = posted.reader): Promise<FormState> => {
      const state = await act({ ...posted, reader });
      if (state.kind === "done") {
        await dropDraft(posted.actor.id);
        refresh();
      }
      return state;
    };
    if (declared.code === "own") return carryOut();

    const question = async (): Promise<Question | null> => {
      const number = (await howMany?.(posted)) ?? null;
      return number === null ? null : (declared.asks?.(number) ?? null);
    };
    const needsCode = declared.code !== null && !visitor.proved;
    const noCode = { why: CODE_IS_OLD, refused: false, clockOff: false };
    if (confirmed !== "yes") {
      const first = await question();
      if (first !== null) return { kind: "asking", question: first, code: needsCode ? noCode : null, typed };
    }
    if (visitor.proved || (code === "" && !needsCode)) return carryOut();
    if (code === "") return { kind: "asking", question: await question(), code: noCode, typed };
    const proof = await proveAgain(await deskRequest("POST"), code);
    switch (proof.kind) {
      case "ended":
        return endSession();
      case "refused":
        return {
          kind: "asking",
          question: await question(),
          code: { why: CODE_IS_OLD, refused: true, clockOff: proof.clockOff },
          typed,
        };
      case "proved":
        await renewSession(proof.sessionToken);
        return carryOut({ ...posted.reader, proved: true });
    }
  };
  return Object.assign(action, { actionName: name });
}

/** Returns the address of the current page, with its query. */
export async function deskPath(): Promise<string> {
  return (await headers()).get(DESK_PATH_HEADER) ?? "/admin";
}

/** Sets the cookie with the session's new token. */
export async function renewSession(sessionToken: string): Promise<void> {
  (await cookies()).set(await sessionCookieOf(sessionToken));
}

/** Signs the browser out of a session in which codes were guessed. */
export async function endSession(): Promise<never> {
  (await cookies()).set(endedSessionCookie());
  redirect("/admin/sign-in?ended=codes");
}

/** Renders a page with a status other than 200. */
function refused(status: number, page: ReactElement): ReactElement {
  answerWithStatus(status);
  return page;
}

/** Renders the page for something that does not exist. */
export function notThere(): ReactElement {
  return refused(NOT_FOUND, <NotFound />);
}

/**
 * Returns who makes the request, or null if they may not do this. Redirects to the sign-in if nobody is
 * signed in.
 */
async function authorised(method: "GET" | "POST", name: ActionName): Promise<Authorised | null> {
  const { role, file } = actionOf(name);
  const authorisation = await authorise(await deskRequest(method), role, file === true);
  if (authorisation.ok) return authorisation;
  if (authorisation.status === FORBIDDEN) return null;
  redirect(`/admin/sign-in?callbackUrl=${encodeURIComponent(await deskPath())}`);
}

/** Rebuilds the current request from its address and headers; without a body. */
export async function deskRequest(method: "GET" | "POST"): Promise<Request> {
  const url = new URL(await deskPath(), settings().siteUrl);
  const received = new Headers(await headers());
  // An action may have renewed the session's cookie in this very request.
  received.set("cookie", (await cookies()).toString());
  return new Request(url, { method, headers: received });
}

async function askForCode(why: string): Promise<ReactElement> {
  return <CodeNeeded why={why} back={await deskPath()} />;
}

function visitOf({ actor, proved, sessionId }: Authorised): Visit {
  return { actor, sessionId, reader: { actor, proved } };
}

/** Returns a form's text fields as PostgreSQL can store them, without the framework's own. */
function textsOf(data: FormData): Typed {
  return Object.fromEntries(
    [...data].flatMap(([name, value]) =>
      typeof value === "string" && !name.startsWith("$ACTION") ? [[name, storable(value)]] : [],
    ),
  );
}

function mistakesOf(error: z.ZodError): FieldMistake[] {
  return error.issues.map(({ path, message }) => ({ field: String(path[0] ?? ""), text: message }));
}

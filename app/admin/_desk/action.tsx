import { handleErrors } from "@/app/(public)/_pages/errors";
import { AskPage } from "@/components/admin/AskPage";
import type { AskedCode } from "@/components/admin/form-state";
import { proveAgain, sessionCookie } from "@/lib/accounts";
import { type Actor, includesRole } from "@/lib/audit";
import {
  type ACTIONS,
  type ActionName,
  type Authorisation,
  actionOf,
  authorise,
  type DeskAction,
  type Question,
} from "@/lib/desk";
import { json, redirect } from "@/lib/http/answers";
import { type ReceivedForm, readForm, wantsJson } from "@/lib/http/request";
import { NAMES_AN_HOUR, type NamesRefused, type Reader } from "@/lib/signatories";
import {
  ADMIN_FORM_LIMIT_BYTES,
  adminPage,
  forbidden,
  notice,
  organisation,
  queryIn,
  textsIn,
  toSignIn,
} from "./document";

type Form = Record<string, string>;
type Authorised = Extract<Authorisation, { ok: true }>;

/** A request at the desk by someone who is allowed to make it. */
export type Visit = {
  actor: Actor;
  /** Null for scripts, which sign in with a token. */
  sessionId: string | null;
  reader: Reader;
  query: URLSearchParams;
  /** Asks for a code and says why. The request continues once the code is given. */
  askForCode(why?: string): Promise<Response>;
};

/** A submitted form, without the code and confirmation fields, which have already been handled. */
export type Posted = Visit & { form: Form; files: Record<string, File> };

type Act = (posted: Posted) => Promise<Response>;
/**
 * For actions that ask first. `howMany` returns how many items the action affects, or null if there is
 * nothing to ask; `act` then explains.
 */
type AskingAct = { howMany(posted: Posted): Promise<number | null>; act: Act };
type ActOf<Name extends ActionName> = (typeof ACTIONS)[Name] extends { asks: unknown } ? AskingAct : Act;
type Acts = { [Name in ActionName]?: ActOf<Name> };

/** Shown when an action needs a recent code (see the table of actions). */
export const CODE_IS_OLD = "Your last code is more than a quarter of an hour old: a code first.";
const NAMES_ARE_MANY = `You have opened ${NAMES_AN_HOUR} names within this hour, or would with this page: a code first. A page that is loaded again counts again.`;
const noCodeYet = (why = CODE_IS_OLD): AskedCode => ({ why, refused: false, clockOff: false });

export type Refusal = {
  /** Where to go after sign-in. Default: the page being viewed, or the desk. */
  wanted?: string;
  /** Whether to refuse with a page. Default: yes, unless the client asked for data. */
  asPage?: boolean;
  /** Replaces the page that asks for a code. */
  withoutCode?: () => Response;
};

/**
 * Runs a route if the caller may perform the action, asking for a recent code if the table of actions
 * requires it.
 */
export function forAction(
  request: Request,
  name: ActionName,
  route: (visit: Visit) => Promise<Response>,
  refusal: Refusal = {},
): Promise<Response> {
  const declared = actionOf(name);
  return handleErrors(request, () =>
    authorised(request, declared, refusal, async (visitor) => {
      const { pathname, search } = new URL(request.url);
      const askForCode = (why?: string) =>
        askPage(visitor.actor, {
          address: "/admin/code",
          fields: { back: `${pathname}${search}` },
          question: null,
          code: noCodeYet(why),
        });
      if (declared.code !== null && !visitor.proved) return refusal.withoutCode?.() ?? askForCode();
      return route(visitOf(request, visitor, askForCode));
    }),
  );
}

export type FormOptions = {
  /** Where to go after sign-in, depending on what was typed. */
  wanted?: (form: Form) => string;
  limitBytes?: number;
  /** Answers a form that exceeds the size limit. */
  tooLarge?: (visit: Visit) => Promise<Response>;
};

/**
 * Handles a form of the desk. Its field `action` selects the action. If the table of actions requires a
 * confirmation or a code, those are asked for first, and the page that asks keeps what was typed.
 */
export function forForm(request: Request, acts: Acts, options: FormOptions = {}): Promise<Response> {
  return handleErrors(request, async () => {
    const received = await readForm(request, options.limitBytes ?? ADMIN_FORM_LIMIT_BYTES);
    const texts = received.ok ? textsIn(received.fields) : {};
    const names = Object.keys(acts) as ActionName[];
    const name = names.find((each) => (actionOf(each).form ?? "") === (texts.action ?? ""));
    // Check the role first, so that strangers cannot find out which actions exist.
    const declared = actionOf(name ?? leastOf(names));
    return authorised(request, declared, { wanted: options.wanted?.(texts) ?? "/admin" }, (visitor) => {
      const act = name && acts[name];
      if (received.ok && act) return carryOut(request, visitor, declared, act, { texts, received });
      return refuseForm(request, visitor, received, options);
    });
  });
}

function refuseForm(
  request: Request,
  visitor: Authorised,
  received: ReceivedForm,
  { tooLarge }: FormOptions,
): Promise<Response> {
  const { actor } = visitor;
  if (received.ok) return notice("That is nothing this page can do", "Please go back and try again.", 400);
  if (received.refusal === "too-large" && tooLarge)
    return tooLarge(visitOf(request, visitor, () => askPage(actor, { ...NOTHING_ASKED, code: noCodeYet() })));
  return notice("We could not read that form", "Please try again.", 400);
}

async function carryOut(
  request: Request,
  visitor: Authorised,
  declared: DeskAction,
  asked: Act | AskingAct,
  { texts, received }: { texts: Form; received: Extract<ReceivedForm, { ok: true }> },
): Promise<Response> {
  const { actor } = visitor;
  const { code = "", confirmed = "", ...typed } = texts;
  const { pathname, search } = new URL(request.url);
  const ask = (question: Question | null, asking: AskedCode | null) =>
    askPage(actor, { address: `${pathname}${search}`, fields: typed, question, code: asking });
  const posted: Posted = {
    ...visitOf(request, visitor, (why) => ask(null, noCodeYet(why))),
    form: declared.code === "own" ? texts : typed,
    files: filesIn(received.fields),
  };
  const [act, howMany] = typeof asked === "function" ? [asked, null] : [asked.act, asked.howMany];
  if (declared.code === "own") return act(posted);

  const question = async (): Promise<Question | null> => {
    const number = (await howMany?.(posted)) ?? null;
    return number === null ? null : (declared.asks?.(number) ?? null);
  };
  const needsCode = declared.code !== null && !visitor.proved;
  if (confirmed !== "yes") {
    const first = await question();
    if (first !== null) return ask(first, needsCode ? noCodeYet() : null);
  }
  if (visitor.proved || (code === "" && !needsCode)) return act(posted);
  if (code === "") return ask(await question(), noCodeYet());
  const proof = await proveAgain(request, code);
  switch (proof.kind) {
    case "ended":
      return sessionEnded();
    case "refused":
      return ask(await question(), { why: CODE_IS_OLD, refused: true, clockOff: proof.clockOff });
    case "proved":
      return withSession(await act({ ...posted, reader: { actor, proved: true } }), proof.sessionToken);
  }
}

/** Answers when no names may be shown: asks for a code, or says that the hourly limit is reached. */
export function withoutNames(visit: Visit, refused: NamesRefused): Promise<Response> {
  if (refused.kind === "code-needed") return visit.askForCode(NAMES_ARE_MANY);
  const text =
    "You have opened as many names as one hour allows, and the owners are told. Try again later; whoever needs all names makes an export.";
  return notice("Enough names for now", text, 429, {
    "retry-after": String(refused.retryAfterSeconds),
  });
}

/** Redirects to the receipt for what was just done. */
export function toReceipt(entry: string): Response {
  return redirect(`/admin/receipts/${entry}`);
}

/** Adds the session's new token to an answer. */
export async function withSession(answer: Response, sessionToken: string): Promise<Response> {
  answer.headers.append("set-cookie", await sessionCookie(sessionToken));
  return answer;
}

/** Says that the session has ended after too many wrong codes. */
export function sessionEnded(): Promise<Response> {
  return notice(
    "Your session has ended",
    "There were ten wrong codes in it. The owners are told. Please sign in again.",
    403,
  );
}

type Asked = { address: string; fields: Form; question: Question | null; code: AskedCode | null };
const NOTHING_ASKED: Asked = { address: "/admin", fields: {}, question: null, code: null };

/** Answers with a page that asks for confirmation, a code, or both. */
export function askPage(_: Actor, asked: Asked): Promise<Response> {
  return adminPage(<AskPage organisation={organisation()} {...asked} />, asked.code === null ? 200 : 422);
}

async function authorised(
  request: Request,
  { role, file }: DeskAction,
  { wanted, asPage = !wantsJson(request) }: Refusal,
  route: (visitor: Authorised) => Promise<Response>,
): Promise<Response> {
  const authorisation = await authorise(request, role, file === true);
  if (authorisation.ok) return route(authorisation);
  if (authorisation.status === 403)
    return asPage ? forbidden(authorisation.why) : json({ error: "forbidden" }, 403);
  if (!asPage) return json({ error: "unauthorized" }, 401);
  const { pathname, search } = new URL(request.url);
  return toSignIn(wanted ?? (request.method === "GET" ? `${pathname}${search}` : "/admin"));
}

function visitOf(request: Request, visitor: Authorised, askForCode: Visit["askForCode"]): Visit {
  const { actor, proved, sessionId } = visitor;
  return { actor, sessionId, reader: { actor, proved }, query: queryIn(request), askForCode };
}

/** Returns the action that requires the lowest role. */
function leastOf(names: readonly ActionName[]): ActionName {
  const [first, ...others] = names;
  if (first === undefined) throw new Error("a form without an action answers nobody");
  return others.reduce(
    (least, name) => (includesRole(actionOf(name).role, actionOf(least).role) ? least : name),
    first,
  );
}

function filesIn(fields: Record<string, unknown>): Record<string, File> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value instanceof File ? [[name, value]] : [])),
  );
}

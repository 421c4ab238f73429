import { refresh } from "next/cache";
import { redirect } from "next/navigation";
import type { z } from "zod";
import { MAY_NOT } from "@/components/admin/Forbidden";
import type {
  AskedCode,
  FieldMistake,
  FormAction,
  FormState,
  Question,
  Typed,
} from "@/components/admin/form-state";
import { was } from "@/components/admin/kit/rebase";
import { dropDraftOf, proveAgain } from "@/lib/accounts";
import type { Actor } from "@/lib/audit";
import { type ActionName, actionOf, isOfCampaign, needsPublishing } from "@/lib/desk";
import type { DeskCampaign } from "@/lib/editing";
import { answerWithStatus } from "@/lib/http/response-status";
import type { Outcome } from "./outcome";
import { textsIn } from "./texts";
import {
  authorised,
  CODE_IS_OLD,
  campaignInPath,
  deskPath,
  deskRequest,
  endSession,
  NAMES_ARE_MANY,
  NO_MORE_NAMES,
  type Refused,
  renewSession,
  slugInPath,
  type Visit,
  visitOf,
} from "./visit";

const NOT_FOUND = 404;
const NOT_PUBLISHED = {
  title: "The campaign is not published yet",
  message: "Publish it first, under Versions. Then people can sign it, and this can be done.",
};
const UNKNOWN_CAMPAIGN = {
  title: "There is no such campaign",
  message: "Go to the overview and choose one.",
};

type Missing = typeof UNKNOWN_CAMPAIGN | typeof NOT_PUBLISHED;
const isMissing = (on: object): on is Missing => on === UNKNOWN_CAMPAIGN || on === NOT_PUBLISHED;

/** A validated desk form and who sent it. */
export type Posted<Fields> = Visit & { form: Fields; files: Readonly<Record<string, File>> };

/** A validated form of a campaign's desk. */
export type CampaignPosted<Fields> = Posted<Fields> & { slug: string; campaign: DeskCampaign };

type DeskActionOptions<Received> = {
  /** Returns how many items an action that asks first affects; null if there is nothing to ask. */
  howMany?: (posted: Received) => Promise<number | null>;
  /** Returns what the question says besides, about this very case. */
  remark?: (posted: Received) => Promise<string>;
};

/** A Server Action of the desk, and its name in the table of actions. */
export type NamedAction<Result> = FormAction<Result> & { actionName: ActionName };

/**
 * Makes a Server Action of the desk. It runs `act` for people who may do `name`, once the form is valid and
 * any question and code required by `lib/desk/actions.ts` are answered. Schema messages are full sentences.
 */
export function deskAction<Schema extends z.ZodType, Result = never>(
  name: ActionName,
  schema: Schema,
  act: (posted: Posted<z.output<Schema>>) => Promise<Outcome<Result>>,
  options: DeskActionOptions<Posted<z.output<Schema>>> = {},
): NamedAction<Result> {
  return actionOn(name, schema, async () => ({}), act, options);
}

/** Makes a Server Action of a campaign's desk: of the campaign in the page's address. */
export function campaignAction<Schema extends z.ZodType, Result = never>(
  name: ActionName,
  schema: Schema,
  act: (posted: CampaignPosted<z.output<Schema>>) => Promise<Outcome<Result>>,
  options: DeskActionOptions<CampaignPosted<z.output<Schema>>> = {},
): NamedAction<Result> {
  const find = async () => {
    const campaign = await campaignInPath();
    if (campaign === null) return UNKNOWN_CAMPAIGN;
    if (campaign.version === null && needsPublishing(name)) return NOT_PUBLISHED;
    return { slug: campaign.slug, campaign };
  };
  return actionOn(name, schema, find, act, options);
}

/** @param find what the action is on, found once for its question and its deed, or why there is nothing to act on. */
function actionOn<Schema extends z.ZodType, On extends object, Result>(
  name: ActionName,
  schema: Schema,
  find: () => Promise<On | Missing>,
  act: (posted: Posted<z.output<Schema>> & On) => Promise<Outcome<Result>>,
  { howMany, remark }: DeskActionOptions<Posted<z.output<Schema>> & On>,
): NamedAction<Result> {
  const declared = actionOf(name);
  const action = async (_before: FormState<Result>, data: FormData): Promise<FormState<Result>> => {
    const visitor = await sender(name);
    if (!visitor.ok) return refused(visitor);
    const { code = "", confirmed = "", ...typed } = textsIn(data);
    // What asks for a code each time also takes passwords, which are never sent back.
    const kept = declared.code === "own" ? {} : typed;
    const checked = schema.safeParse(declared.code === "own" ? { ...typed, code } : typed);
    if (!checked.success) return { kind: "invalid", mistakes: mistakesOf(checked.error), typed: kept };
    const on = await find();
    if (isMissing(on)) return { kind: "failed", ...on, typed: kept };
    const posted = { ...visitOf(visitor), form: checked.data, files: filesOf(data), ...on };
    const carryOut = async (reader = posted.reader) =>
      answerTo(await act({ ...posted, reader }), {
        actor: posted.actor,
        form: typed.form ?? "",
        typed: kept,
      });
    if (declared.code === "own") return carryOut();

    const question = async (): Promise<Question | null> => {
      const number = (await howMany?.(posted)) ?? null;
      const asks = number === null ? undefined : declared.asks?.(number);
      if (asks === undefined) return null;
      return { ...asks, text: [asks.text, (await remark?.(posted)) ?? ""].join(" ").trim() };
    };
    const needsCode = declared.code !== null && !visitor.proved;
    if (confirmed !== "yes") {
      const first = await question();
      if (first !== null)
        return { kind: "asking", question: first, code: needsCode ? asked(CODE_IS_OLD) : null, typed };
    }
    if (visitor.proved || (code === "" && !needsCode)) return carryOut();
    if (code === "") return { kind: "asking", question: await question(), code: asked(CODE_IS_OLD), typed };
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

/**
 * Makes one Server Action out of several, for a form with several buttons: the pressed one's `action` says
 * which is meant.
 */
export function oneOf<Result>(actions: Readonly<Record<string, NamedAction<Result>>>): FormAction<Result> {
  const named = new Map(Object.entries(actions));
  const [any] = named.values();
  if (any === undefined) throw new Error("a form without an action answers nobody");
  return async (before, data) => {
    const action = named.get(String(data.get("action")));
    if (action) return action(before, data);
    const visitor = await sender(any.actionName);
    if (!visitor.ok) return refused(visitor);
    const { code: _code, confirmed: _confirmed, ...typed } = textsIn(data);
    return {
      kind: "failed",
      title: "Nothing was done",
      message: "The page may be an old one. Reload it and try again.",
      typed,
    };
  };
}

/** Returns who sends a form, or why they may not: for a campaign's actions, by what they may do in it. */
async function sender(name: ActionName) {
  return authorised("POST", name, isOfCampaign(name) ? await slugInPath() : null);
}

function refused<Result>({ status }: Refused): FormState<Result> {
  answerWithStatus(status);
  return { kind: "failed", ...(status === NOT_FOUND ? UNKNOWN_CAMPAIGN : MAY_NOT), typed: {} };
}

/** Turns an outcome into what the form shows, and deletes the draft of a form that has been carried out. */
async function answerTo<Result>(
  outcome: Outcome<Result>,
  { actor, form, typed }: { actor: Actor; form: string; typed: Typed },
): Promise<FormState<Result>> {
  switch (outcome.kind) {
    case "done":
      await dropDraftOf(actor.id, await deskPath(), form);
      refresh();
      return outcome;
    case "found":
      await dropDraftOf(actor.id, await deskPath(), form);
      return { ...outcome, typed };
    case "redirect":
      await dropDraftOf(actor.id, await deskPath(), form);
      redirect(outcome.to);
      break;
    case "conflict":
      // The reader has seen these values now, so sending again replaces them. Other fields show what is saved.
      refresh();
      return { kind: "invalid", mistakes: outcome.mistakes, typed: { ...typed, ...was(outcome.theirs) } };
    case "code-needed":
      return { kind: "asking", question: null, code: asked(NAMES_ARE_MANY), typed };
    case "spent":
      return { kind: "failed", ...NO_MORE_NAMES, typed };
    default:
      return { ...outcome, typed };
  }
}

const asked = (why: string): AskedCode => ({ why, refused: false, clockOff: false });

function filesOf(data: FormData): Record<string, File> {
  return Object.fromEntries(
    [...data].flatMap(([name, value]) => (value instanceof File && value.size > 0 ? [[name, value]] : [])),
  );
}

function mistakesOf(error: z.ZodError): FieldMistake[] {
  return error.issues.map(({ path, message }) => ({ field: String(path[0] ?? ""), text: message }));
}

import { z } from "zod";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { storable } from "@/lib/db/storable";
import { isTypedInto } from "@/lib/desk-form";
import { accountOfEndedSession } from "./sessions";

/**
 * Largest form that is stored, in bytes: a campaign's text of 200 KB, what it was changed from, and the names of its
 * fields. The framework reads no larger one either (lib/desk/gate.ts).
 */
export const DRAFT_LIMIT_BYTES = 1024 * 1024;
/** How long a draft is stored, in hours. */
const DRAFT_KEPT_HOURS = 24;
/** Fields that are never stored, in any form: secrets, answers to questions, and what a password manager needs. */
const UNKEPT: ReadonlySet<string> = new Set(["code", "password", "present", "confirmed", "username"]);

/** What somebody had typed into a desk form when their session ended. */
export type Draft = {
  /** Path of the page, with its query. */
  path: string;
  /** The fields as typed, without passwords and codes. */
  typed: Record<string, string>;
  savedAt: Date;
};

const contentSchema = z.object({ path: z.string(), typed: z.record(z.string(), z.string()) });

/**
 * Stores a form that arrived after its session had ended, encrypted, for that session's account. Only the
 * newest draft of each account is kept.
 * @param address path and query of the page, in any spelling.
 * @returns whether it was stored. False if the session was ended on purpose or is unknown, if the address is no
 *   page of the desk, if nobody typed anything into the form, or if it is too large.
 */
export async function keepDraft(
  cookies: string,
  address: string,
  fields: Iterable<[string, unknown]>,
): Promise<boolean> {
  const path = deskPathIn(address);
  if (path === null) return false;
  const typed = Object.fromEntries(
    [...fields].flatMap(([name, value]) =>
      typeof value === "string" && isKept(name) ? [[plainName(name), storable(value)]] : [],
    ),
  );
  if (!isTypedInto(typed) || bytesOf(typed) > DRAFT_LIMIT_BYTES) return false;
  const content = JSON.stringify({ path, typed });
  const accountId = await accountOfEndedSession(cookies);
  if (accountId === null) return false;
  const sealed = {
    dataKeyId: currentDataKeyId(),
    contentEncrypted: seal(content, { table: "admin_draft", column: "content", id: accountId }),
    savedAt: new Date(),
  };
  await database().adminDraft.upsert({
    where: { id: accountId },
    create: { id: accountId, ...sealed },
    update: sealed,
  });
  return true;
}

/**
 * Returns whether a form would be stored: a session of these cookies has ended, and not on purpose. Asked before a
 * form is read, so that nobody else makes us read one.
 */
export async function wouldKeepDraft(cookies: string): Promise<boolean> {
  return (await accountOfEndedSession(cookies)) !== null;
}

function bytesOf(typed: Readonly<Record<string, string>>): number {
  return Object.entries(typed).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
}

/**
 * Returns a page's address as a link may lead to it; null if it is no page of the desk. Two slashes at its
 * beginning would lead to another host.
 */
function deskPathIn(address: string): string | null {
  const desk = "http://desk.invalid";
  const single = address.replace(/^[/\\]+/, "/");
  if (!URL.canParse(single, desk)) return null;
  const { origin, pathname, search } = new URL(single, desk);
  return origin === desk && /^\/admin(?:\/|$)/.test(pathname) ? `${pathname}${search}` : null;
}

/** React numbers what it sends, and prefixes each field of a form with the form's number: `_1_title`. */
function plainName(name: string): string {
  return name.replace(/^_\d+_/, "");
}

function isKept(name: string): boolean {
  return !/^(?:\d+$|(?:_\d+_)?\$ACTION)/.test(name) && !UNKEPT.has(plainName(name));
}

/** Returns the draft of an account, or null. */
export async function draftOf(accountId: string): Promise<Draft | null> {
  const found = await database().adminDraft.findUnique({ where: { id: accountId } });
  if (!found) return null;
  const content = open(found.contentEncrypted, found.dataKeyId, {
    table: "admin_draft",
    column: "content",
    id: accountId,
  });
  return { ...contentSchema.parse(JSON.parse(content)), savedAt: found.savedAt };
}

/** Returns whether a draft was typed into this form of the page at this path. */
function isOf({ path, typed }: Draft, page: string, form: string): boolean {
  const pathnameOf = (address: string) => address.split("?", 1)[0];
  return typed.form === form && pathnameOf(path) === pathnameOf(page);
}

/** Deletes the draft of an account if it belongs to a form that has now been carried out. */
export async function dropDraftOf(accountId: string, page: string, form: string): Promise<void> {
  const draft = await draftOf(accountId);
  if (draft !== null && isOf(draft, page, form)) await dropDraft(accountId);
}

/** Deletes the draft of an account. Safe to repeat. */
export async function dropDraft(accountId: string): Promise<void> {
  await database().adminDraft.deleteMany({ where: { id: accountId } });
}

/** Deletes expired drafts. */
export async function forgetDrafts(): Promise<void> {
  await database().$executeRaw`
    DELETE FROM admin_draft WHERE saved_at < now() - make_interval(hours => ${DRAFT_KEPT_HOURS}::int)`;
}

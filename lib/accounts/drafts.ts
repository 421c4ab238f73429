import { z } from "zod";
import { database } from "@/lib/db/client";
import { currentDataKeyId, open, seal } from "@/lib/db/encryption";
import { accountOfEndedSession } from "./sessions";

/** The largest draft that is kept, in bytes of its form. */
export const DRAFT_LIMIT_BYTES = 64 * 1024;
/** How long a draft is kept, in hours. */
const DRAFT_KEPT_HOURS = 24;
/** Never kept, whatever the form. */
const SECRETS: ReadonlySet<string> = new Set(["code", "password", "present", "confirmed"]);

/** What somebody had typed into a form of the desk when their session ended. */
export type Draft = {
  /** The address of the page, with its query. */
  path: string;
  /** The fields as they were typed, without passwords and codes. */
  typed: Record<string, string>;
  savedAt: Date;
};

const contentSchema = z.object({ path: z.string(), typed: z.record(z.string(), z.string()) });

/**
 * Keeps a form that came in after its session had ended, sealed, for the account of that session. One draft is kept for each
 * account, the newest.
 * @returns whether it was kept; not when the session was ended on purpose, is unknown, or the form is too large.
 */
export async function keepDraft(
  cookies: string,
  path: string,
  fields: Iterable<[string, unknown]>,
): Promise<boolean> {
  const typed = Object.fromEntries(
    [...fields].flatMap(([name, value]) =>
      typeof value === "string" && isTyped(name)
        ? [[plainName(name), value.replaceAll("\0", "").toWellFormed()]]
        : [],
    ),
  );
  const content = JSON.stringify({ path, typed });
  if (Object.keys(typed).length === 0 || Buffer.byteLength(content) > DRAFT_LIMIT_BYTES) return false;
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

/** The framework numbers the arguments of an action, and puts the number before each field that belongs to one. */
function plainName(name: string): string {
  return name.replace(/^\d+_/, "");
}

function isTyped(name: string): boolean {
  return !/^(?:\d+$|(?:\d+_)?\$ACTION)/.test(name) && !SECRETS.has(plainName(name));
}

/** The draft of an account, or null. */
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

/** Deletes the draft of an account. Safe to repeat. */
export async function dropDraft(accountId: string): Promise<void> {
  await database().adminDraft.deleteMany({ where: { id: accountId } });
}

/** Deletes drafts that nobody came back for. */
export async function forgetDrafts(): Promise<void> {
  await database().$executeRaw`
    DELETE FROM admin_draft WHERE saved_at < now() - make_interval(hours => ${DRAFT_KEPT_HOURS}::int)`;
}

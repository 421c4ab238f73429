import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MailTransport, OutgoingMail } from "./types";

/** A mail as shown by /dev/mailbox.json. */
export type MailboxMail = Omit<OutgoingMail, "from"> & { id: string; from: string; sentAt: string };

/** The most mails that the mailbox shows at once. */
const MAILBOX_SHOWN_MAILS = 200;

/** Returns the folder of the local mailbox: one file per mail, beside the embedded database. */
function mailboxFolder(): string {
  return join(process.env.DATA_FOLDER ?? ".data", "mailbox");
}

/**
 * Returns the transport for sites without a provider: mail stays on this machine.
 * A repeated batch overwrites its own files.
 */
export function mailboxTransport(folder = mailboxFolder()): MailTransport {
  return {
    name: "mailbox",
    async deliver({ key, mails }) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const ids = mails.map((_, index) => `${key}-${String(index).padStart(2, "0")}`);
      for (const [index, mail] of mails.entries()) {
        const id = `${key}-${String(index).padStart(2, "0")}`;
        const kept: MailboxMail = { id, ...mail, sentAt: new Date().toISOString() };
        const file = join(folder, `${id}.json`);
        // Written to a temporary file and renamed, so that a reader never sees half a mail.
        await writeFile(`${file}.part`, JSON.stringify(kept), { mode: 0o600 });
        await rename(`${file}.part`, file);
      }
      return { kind: "accepted", providerIds: ids, refused: [] };
    },
  };
}

/** Reads the mails in the local mailbox, newest first; with `to`, only those to that address. */
export async function readMailbox(to: string | null, folder = mailboxFolder()): Promise<MailboxMail[]> {
  // Batch ids are UUIDv7, so names sort by time.
  const names = await readdir(/* turbopackIgnore: true */ folder).catch(() => []);
  const newestFirst = names
    .filter((name) => name.endsWith(".json"))
    .sort()
    .reverse();
  const found: MailboxMail[] = [];
  for (const name of newestFirst) {
    const mail = JSON.parse(await readFile(join(folder, name), "utf8")) as MailboxMail;
    if (to === null || mail.to.toLowerCase() === to.toLowerCase()) found.push(mail);
    if (found.length >= MAILBOX_SHOWN_MAILS) break;
  }
  return found;
}

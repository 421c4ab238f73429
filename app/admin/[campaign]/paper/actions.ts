"use server";

import { z } from "zod";
import { type CampaignPosted, campaignAction } from "@/app/admin/_desk/desk-action";
import { failed, invalid, type Outcome, redirectTo } from "@/app/admin/_desk/outcome";
import type { PaperReport } from "@/components/admin/PaperForm";
import { tooLargeOnPaper } from "@/components/admin/paper-words";
import { auditOf } from "@/lib/audit";
import { signaturesChanged } from "@/lib/http/public-pages";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import {
  draftPaper,
  firstSigningDay,
  importPaper,
  PAPER_FILE_EXTENSION,
  PAPER_FILE_LIMIT_BYTES,
  PAPER_ROWS_MAX,
  type PaperMistake,
  type PaperRefusal,
  signaturesImported,
  undoPaper,
} from "@/lib/paper";
import { countNames } from "@/lib/signatories";

/**
 * Most mistakes shown at once. The browser sends the last answer along with the next file, and both must fit
 * into what the framework reads.
 */
const MISTAKES_SHOWN = 100;

const REFUSALS: Record<PaperRefusal, string> = {
  extension: `File: its name must end in ${PAPER_FILE_EXTENSION}. Save it as “CSV UTF-8”.`,
  "not-utf8": "File: it is not in UTF-8. Save it as “CSV UTF-8”.",
  "not-csv": "File: it is not a CSV file. Save it as “CSV UTF-8”.",
  columns: "File: its first line must name the columns, at least name and country.",
  "too-many": `File: it has more than ${PAPER_ROWS_MAX.toLocaleString("en")} signatures. Split it into several files.`,
  empty: "File: it has no signatures. Choose another.",
  "imported-already": "File: it has been imported already. Choose another.",
};
const NO_FILE = "File: choose one. If you were asked for a code, choose it again.";

/** Checks a file and keeps what can be imported as a sealed draft. Nothing counts yet. */
export const draftImport = campaignAction(
  "paper.draft",
  z.object({
    since: z.union([z.literal(""), z.iso.date("Signed since: write the day like 2026-11-24.")]).default(""),
  }),
  async ({ actor, reader, slug, form, files: { file } }): Promise<Outcome<PaperReport>> => {
    if (!file) return invalid("file", NO_FILE);
    if (file.size > PAPER_FILE_LIMIT_BYTES) return invalid("file", tooLargeOnPaper(PAPER_FILE_LIMIT_BYTES));
    const since = form.since === "" ? await firstSigningDay(slug) : form.since;
    // A draft tells how many addresses have signed already. If the file has only one, that is a search.
    const refused = await countNames(reader, 1);
    if (refused) return refused;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const drafting = await draftPaper(actor, slug, file.name, bytes, since);
    if (!drafting.ok) return invalid("file", REFUSALS[drafting.refusal]);
    const { id, signatures, present, mistakes } = drafting.draft;
    const shown = mistakes
      .slice(0, MISTAKES_SHOWN)
      .map((mistake) => ({ line: mistake.line, text: inWords(mistake, since) }));
    return {
      kind: "found",
      result: {
        draft: id,
        file: file.name,
        signatures,
        present,
        mistakes: shown,
        moreMistakes: mistakes.length - shown.length,
      },
    };
  },
);

/** Imports a draft. */
export const importDraft = campaignAction(
  "paper.import",
  z.object({ draft: z.uuid("The file is not known. Choose it again.") }),
  (posted) =>
    toReceipt(posted, posted.form.draft, importPaper, {
      title: "Nothing was imported",
      message: "The draft is more than an hour old, or was imported already. Choose the file again.",
    }),
);

/** Takes an import back, within the hour. */
export const undoImport = campaignAction(
  "paper.undo",
  z.object({ import: z.uuid("The import is not known. Open its receipt again from the audit log.") }),
  (posted) =>
    toReceipt(posted, posted.form.import, undoPaper, {
      title: "Nothing was taken back",
      message: "The import is more than an hour old, or was taken back already.",
    }),
  { howMany: ({ slug, form }) => signaturesImported(slug, form.import) },
);

/** Imports or undoes, and redirects to the receipt. */
async function toReceipt(
  { actor, slug }: CampaignPosted<unknown>,
  id: string,
  act: typeof importPaper,
  nothing: { title: string; message: string },
): Promise<Outcome> {
  if ((await act(actor, slug, id)) === null) return failed(nothing.title, nothing.message);
  signaturesChanged();
  const last = (await auditOf(id)).at(-1);
  if (!last) throw new Error("an import leaves an entry in the audit log");
  return redirectTo(`/admin/${slug}/receipts/${last.id}`);
}

function inWords({ key, meant }: PaperMistake, since: string): string {
  switch (key) {
    case "quotes":
      return "There is a single quotation mark. Remove it, or double the marks inside a cell.";
    case "country.unknown":
      return "Country: write its two letters, such as AF, or its name in one of the site’s languages.";
    case "updates.unknown":
      return "Updates: write yes or no.";
    case "signed.invalid":
      return meant === undefined
        ? "Signed: write the day like 2026-11-24."
        : `Signed: this is a Solar Hijri date. Write ${meant} if that is the day.`;
    case "signed.future":
      return "Signed: this day is in the future. Write the day on which the person signed.";
    case "signed.early":
      return `Signed: this is before ${since}. If people signed earlier, set “Signed since” to the first day.`;
    case "repeated":
      return "Email: the address is in the file already. Remove this line.";
    default:
      return messagesFor(DEFAULT_LOCALE).errors[key];
  }
}

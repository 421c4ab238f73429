import { z } from "zod";
import { forAction, forForm, type Posted, toReceipt, withoutNames } from "@/app/admin/_desk/action";
import { adminPage, notice, organisation, signedInAs } from "@/app/admin/_desk/document";
import { PaperDraftPage, PaperPage } from "@/components/admin/PaperPage";
import { type Actor, auditOf } from "@/lib/audit";
import { ONLY_CAMPAIGN } from "@/lib/campaigns";
import { signaturesChanged } from "@/lib/http/public-pages";
import { DEFAULT_LOCALE } from "@/lib/i18n/locales";
import { messagesFor } from "@/lib/i18n/messages";
import {
  draftPaper,
  firstSigningDay,
  importPaper,
  PAPER_DRAFT_MINUTES,
  PAPER_FILE_EXTENSION,
  PAPER_FILE_LIMIT_BYTES,
  PAPER_ROWS_MAX,
  type PaperMistake,
  type PaperRefusal,
  signaturesImported,
  undoPaper,
} from "@/lib/paper";
import { countNames } from "@/lib/signatories";

/** Room for the rest of the form around the file, in bytes. */
const FORM_BYTES = 4 * 1024;

const REFUSALS: Record<PaperRefusal, string> = {
  extension: `The file's name must end in ${PAPER_FILE_EXTENSION}: save it as “CSV UTF-8”.`,
  "not-utf8": "The file is not in UTF-8: save it as “CSV UTF-8”.",
  "not-csv": "The file is not CSV: save it as “CSV UTF-8”.",
  columns: "The first line must name the columns, at least name and country.",
  "too-many": `The file holds more than ${PAPER_ROWS_MAX.toLocaleString("en")} signatures: split it.`,
  empty: "The file holds no signatures.",
  "imported-already": "This very file was imported already.",
};

/** Serves the form for uploading a file. */
export function GET(request: Request): Promise<Response> {
  return forAction(request, "paper.view", ({ actor }) => asked(actor, null));
}

/**
 * Checks a `file` and keeps it as a sealed draft; `since` is the first day on which sheets were signed.
 * `action=import` imports a draft, `undo` reverts an import.
 */
export function POST(request: Request): Promise<Response> {
  return forForm(
    request,
    {
      "paper.draft": drafted,
      "paper.import": ({ actor, form }) =>
        done(actor, form.draft, importPaper, {
          title: "Nothing was imported",
          text: "The hour is over, or it was imported already: choose the file again.",
        }),
      "paper.undo": {
        howMany: ({ form }) => signaturesImported(form.import ?? ""),
        act: ({ actor, form }) =>
          done(actor, form.import, undoPaper, {
            title: "Nothing was taken back",
            text: "The hour is over, or it was taken back already.",
          }),
      },
    },
    {
      limitBytes: PAPER_FILE_LIMIT_BYTES + FORM_BYTES,
      tooLarge: ({ actor }) =>
        asked(actor, `The file is larger than ${PAPER_FILE_LIMIT_BYTES / 1024} KiB: split it.`, 413),
    },
  );
}

async function drafted(posted: Posted): Promise<Response> {
  const { actor, reader, form, files } = posted;
  const { file } = files;
  const typed = z.iso.date().safeParse(form.since);
  if (!typed.success && form.since !== undefined && form.since !== "")
    return asked(actor, "Signed since: write the day as 2026-11-24.");
  if (!file || file.size === 0) return asked(actor, "Choose a file first.", 422, typed.data);
  const since = typed.data ?? (await firstSigningDay(ONLY_CAMPAIGN));
  // The draft shows how many have already signed: with a single address in it, whether that person has.
  const refused = await countNames(reader, 1);
  if (refused) return withoutNames(posted, refused);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const drafting = await draftPaper(actor, ONLY_CAMPAIGN, file.name, bytes, since);
  if (!drafting.ok) return asked(actor, REFUSALS[drafting.refusal], 422, since);
  const { id, mistakes, ...draft } = drafting.draft;
  return adminPage(
    <PaperDraftPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      draftId={id}
      draftMinutes={PAPER_DRAFT_MINUTES}
      mistakes={mistakes.map((mistake) => ({ line: mistake.line, text: inWords(mistake, since) }))}
      {...draft}
    />,
  );
}

/** Imports or reverts, and redirects to the receipt. */
async function done(
  actor: Actor,
  typed: string | undefined,
  act: (actor: Actor, id: string) => Promise<number | null>,
  nothing: { title: string; text: string },
): Promise<Response> {
  const id = z.uuid().safeParse(typed);
  if (!id.success || (await act(actor, id.data)) === null)
    return notice(actor, nothing.title, nothing.text, 410);
  signaturesChanged();
  const last = (await auditOf(id.data)).at(-1);
  if (!last) throw new Error("an import leaves an entry in the audit log");
  return toReceipt(last.id);
}

function inWords({ key, meant }: PaperMistake, since: string): string {
  switch (key) {
    case "quotes":
      return "A quotation mark stands alone: take it out, or double the marks inside a cell.";
    case "country.unknown":
      return "Country: write its two letters, such as AF, or its name in one of the site's languages.";
    case "updates.unknown":
      return "Updates: write yes or no.";
    case "signed.invalid":
      return meant === undefined
        ? "Signed: write the day as 2026-11-24."
        : `Signed: this is a Solar Hijri date. Write ${meant} if that is the day.`;
    case "signed.future":
      return "Signed: this day is still to come.";
    case "signed.early":
      return `Signed: this is before ${since}. If sheets were signed earlier, set “Signed since” to their first day.`;
    case "repeated":
      return "The address stands in the file already.";
    default:
      return messagesFor(DEFAULT_LOCALE).errors[key];
  }
}

async function asked(
  actor: Actor,
  mistake: string | null,
  status = mistake === null ? 200 : 422,
  since?: string,
): Promise<Response> {
  return adminPage(
    <PaperPage
      organisation={organisation()}
      signedIn={signedInAs(actor)}
      extension={PAPER_FILE_EXTENSION}
      limitKib={PAPER_FILE_LIMIT_BYTES / 1024}
      rowsMax={PAPER_ROWS_MAX}
      since={since ?? (await firstSigningDay(ONLY_CAMPAIGN))}
      mistake={mistake}
    />,
    status,
  );
}

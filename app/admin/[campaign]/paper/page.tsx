import type { Metadata } from "next";
import { campaignPage } from "@/app/admin/_desk/desk-page";
import { Paper } from "@/components/admin/Paper";
import {
  firstSigningDay,
  PAPER_DRAFT_MINUTES,
  PAPER_FILE_EXTENSION,
  PAPER_FILE_LIMIT_BYTES,
  PAPER_ROWS_MAX,
} from "@/lib/paper";
import { draftImport, importDraft } from "./actions";

export const metadata: Metadata = { title: "Paper signatures" };

export default campaignPage("paper.view", async ({ slug }) => (
  <Paper
    extension={PAPER_FILE_EXTENSION}
    limitBytes={PAPER_FILE_LIMIT_BYTES}
    rowsMax={PAPER_ROWS_MAX}
    draftMinutes={PAPER_DRAFT_MINUTES}
    since={await firstSigningDay(slug)}
    actions={{ draft: draftImport, import: importDraft }}
  />
));

import { undoImport } from "@/app/admin/[campaign]/paper/actions";
import { undoJob } from "@/app/admin/[campaign]/signatories/actions";

/** What undoes an action, as its receipt names it. */
export const UNDO = { "bulk.undo": undoJob, "paper.undo": undoImport };

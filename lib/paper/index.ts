export {
  draftPaper,
  firstSigningDay,
  forgetPaperDrafts,
  importPaper,
  PAPER_DRAFT_MINUTES,
  PAPER_FILE_EXTENSION,
  PAPER_FILE_LIMIT_BYTES,
  PAPER_ROWS_MAX,
  type PaperMistake,
  type PaperRefusal,
  signaturesImported,
  undoPaper,
} from "./paper";

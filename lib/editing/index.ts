export { archiveCampaign, createCampaign, unarchiveCampaign } from "./campaigns";
export { type DifferencePiece, differenceOf } from "./difference";
export {
  type Draft,
  discardDraft,
  type FileConflict,
  openDraft,
  returnToDraft,
  type Saved,
  saveFiles,
  schedule,
  submit,
} from "./drafts";
export { slugIn } from "./files";
export { type CampaignFolder, exportCampaign, type Imported, importCampaign } from "./import";
export type { TextEdit } from "./merge";
export { publish, publishDue, takeBack } from "./publish";
export { campaignList, filesOf, type ListedCampaign, type Version, versionsOf } from "./versions";

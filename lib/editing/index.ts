export { archiveCampaign, createCampaign, unarchiveCampaign } from "./campaigns";
export { type Closed, closeCampaign, reopenCampaign } from "./closing";
export { type DeskCampaign, deskCampaign, deskCampaigns } from "./desk";
export { differenceOf, type DifferencePiece } from "./difference";
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
export { setFourEyes } from "./four-eyes";
export { type Outlook, outlookOf } from "./outlook";
export { signersByVersion } from "./signers";
export { freeSlug, slugFor } from "./slugs";
export { slugIn } from "./files";
export { readCampaignFolder, writeCampaignFolder } from "./folder";
export { type CampaignFolder, exportCampaign, type Imported, importCampaign } from "./import";
export type { TextEdit } from "./merge";
export { publish, publishDue, takeBack } from "./publish";
export { filesOf, type Version, versionsOf } from "./versions";

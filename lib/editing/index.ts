export { archiveCampaign, createCampaign, TITLE_MAX_CHARACTERS, unarchiveCampaign } from "./campaigns";
export { type Closed, closeCampaign, reopenCampaign } from "./closing";
export { type DeskCampaign, deskCampaign, deskCampaigns } from "./desk";
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
export { setFourEyes } from "./four-eyes";
export { type CampaignFolder, exportCampaign, type Imported, importCampaign } from "./import";
export type { TextEdit } from "./merge";
export { type Outlook, outlookOf } from "./outlook";
export { publish, publishDue, takeBack } from "./publish";
export { signersByVersion } from "./signers";
export { freeSlug, slugFor } from "./slugs";
export { campaignList, filesOf, type ListedCampaign, type Version, versionsOf } from "./versions";

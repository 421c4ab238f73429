export { archiveCampaign, createCampaign, TITLE_MAX_CHARACTERS, unarchiveCampaign } from "./campaigns";
export { closeCampaign, reopenCampaign } from "./closing";
export { type DeskCampaign, deskCampaign, deskCampaigns } from "./desk";
export { type DifferencePiece, differenceOf } from "./difference";
export {
  discardDraft,
  openDraft,
  returnToDraft,
  saveFiles,
  schedule,
  submit,
} from "./drafts";
export { slugIn } from "./files";
export { setFourEyes } from "./four-eyes";
export { exportCampaign, type Imported, importCampaign } from "./import";
export { type Outlook, outlookOf } from "./outlook";
export { publish, publishDue, takeBack } from "./publish";
export { signersByVersion } from "./signers";
export { freeSlug, slugFor } from "./slugs";
export { campaignList, filesOf, type Version, versionsOf, workingText } from "./versions";

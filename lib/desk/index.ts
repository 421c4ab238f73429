export {
  type ActionName,
  actionOf,
  type DeskAction,
  isOfCampaign,
  needsPublishing,
  receiptOf,
} from "./actions";
export { type Authorisation, authorise, type May } from "./authorise";
export {
  type Bucket,
  confirmedByDay,
  deskFigures,
  foldSignatureChanges,
  type MailHealth,
  type MailTrouble,
  type Share,
} from "./figures";
export { guardFramework } from "./gate";
export {
  type ExactOverview,
  type LastExport,
  type OverviewFigures,
  overviewFor,
  type PublishedOverview,
  type SecurityAlarm,
} from "./overview";

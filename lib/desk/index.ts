export { type ActionName, actionOf, type DeskAction, receiptOf } from "./actions";
export { type Authorisation, authorise } from "./authorise";
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

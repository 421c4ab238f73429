export { campaignToConfirm } from "./campaign-to-confirm";
export { CONFIRMATION_DAYS, confirm, disown, HELD_REASON, MARKED_INVALID } from "./confirm";
export { type CampaignFigures, campaignFigures } from "./count";
export { countByCountry, refreshCountryFigures } from "./countries";
export {
  type Correction,
  checkCorrection,
  checkEmail,
  checkSignatureForm,
  type FieldErrors,
  isTrapped,
  SIGNATURE_BODY_LIMIT_BYTES,
  TRAP_FIELD,
} from "./form";
export { REMINDER_INTERVAL_MINUTES, type Signing, sign, signWithoutRecording } from "./sign";
export { openSubmission } from "./submission";
export { allowMail, unsubscribe } from "./unsubscribe";

export { CONFIRMATION_DAYS, confirm, disown, HELD_REASON } from "./confirm";
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
} from "./form";
export {
  bucketBits,
  bucketBitsOf,
  nameBucket,
  nameBuckets,
  narrowNameBuckets,
  type Size,
} from "./name-bucket";
export { REMINDER_INTERVAL_MINUTES, type Signing, sign, signInVain } from "./sign";
export { openSubmission, sealSubmission, submissionMark, submissionOf } from "./submission";
export { allowMail, unsubscribe } from "./unsubscribe";

export { CONFIRMATION_DAYS, confirm, disown } from "./confirm";
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
export { bucketBits, bucketBitsOf, nameBucket, nameBuckets, type Size } from "./name-bucket";
export { emailKey, REMINDER_INTERVAL_MINUTES, type Signing, sign, signInVain } from "./sign";
export { unsubscribe } from "./unsubscribe";

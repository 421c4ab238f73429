export { CONFIRMATION_DAYS, confirm, disown } from "./confirm";
export { type CampaignFigures, campaignFigures, countByCountry } from "./count";
export { checkSignatureForm, type FieldErrors, SIGNATURE_BODY_LIMIT_BYTES } from "./form";
export { emailKey, REMINDER_INTERVAL_MINUTES, type Signing, sign } from "./sign";
export { unsubscribe } from "./unsubscribe";
